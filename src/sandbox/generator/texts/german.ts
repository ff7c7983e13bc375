import type { Topic } from "./topic.ts";

export const GERMAN: readonly Topic[] = [
  {
    title: "Angebot für {product} überarbeiten",
    attachments: ["Angebot_Entwurf_3.docx"],
    turns: [
      [
        "Bitte kürze das Angebot für {product} auf eine halbe Seite. Der Kunde ist eine Hafenbehörde, also sachlich bleiben.",
        "Gern. Kern des Angebots: {n} Pegelsonden, Montage binnen sechs Wochen, Wartung für drei Jahre. Der Festpreis schließt Anfahrt und Einweisung ein. Auf Wunsch liefern wir die Messwerte direkt an Ihr Leitsystem.",
      ],
      [
        "Noch ein Satz zur Gewährleistung.",
        "Wir gewähren 36 Monate; innerhalb dieser Zeit tauschen wir defekte Geräte binnen zwei Werktagen aus.",
      ],
      ["Danke, das geht so an {who}.", "Sehr gut. Denk an das Aktenzeichen {id} in der Betreffzeile."],
    ],
  },
  {
    title: "Fehlersuche im Rechenzentrum",
    tools: ["python"],
    turns: [
      [
        "Der Dienst startet nicht mehr:\n\n```\nsystemd[1]: tide-ingest.service: Main process exited, code=exited, status=78/CONFIG\n```\nWas heißt das?",
        "Status 78 bedeutet, dass die Konfiguration nicht lesbar oder ungültig ist. Prüfe zuerst:\n\n1. `systemctl cat tide-ingest` – stimmt der Pfad?\n2. `sudo -u tide cat /etc/tide/ingest.toml` – fehlen Rechte?\n3. Die letzten {n} Zeilen von `journalctl -u tide-ingest`.",
      ],
      [
        "Es waren die Rechte. Wie verhindere ich das künftig?",
        "Setze Eigentümer und Rechte im Paket, nicht von Hand, und lass die Auslieferung mit `ExecStartPre=/usr/bin/test -r /etc/tide/ingest.toml` früh und verständlich scheitern.",
      ],
    ],
  },
  {
    title: "Betriebsvereinbarung verständlich erklärt",
    attachments: ["BV-KI-Nutzung.pdf"],
    tools: ["file_search"],
    turns: [
      [
        "Was darf ich nach der Betriebsvereinbarung mit Kundendaten hier tun?",
        "Kurz: Zusammenfassen und Übersetzen ja, sofern keine Gesundheitsdaten dabei sind. Verboten sind Leistungskontrollen einzelner Mitarbeiter. Größere Mengen müssen vorher angemeldet werden (§ 7).",
      ],
      [
        "Was heißt „größere Mengen“?",
        "Mehr als 50 Datensätze in einer Sitzung. Übermäßig streng ist das nicht, üblich sind 20 bis 100.",
      ],
    ],
  },
  {
    title: "Kündigungsfrist und Resturlaub",
    turns: [
      [
        "Ein Kollege geht zum Quartalsende. Wie rechne ich den Resturlaub aus, wenn er {n} Stunden im Jahr hat?",
        "Teile den Jahresanspruch durch zwölf und nimm die vollen Monate bis zum Austritt. Bruchteile ab einem halben Tag werden aufgerundet. Bitte lass es von der Personalabteilung prüfen, bevor du es zusagst.",
      ],
    ],
  },
];
