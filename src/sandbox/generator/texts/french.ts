import type { Topic } from "./topic.ts";

export const FRENCH: readonly Topic[] = [
  {
    title: "Compte rendu de réunion {product}",
    attachments: ["notes-réunion.md"],
    turns: [
      [
        "Peux-tu transformer ces notes en compte rendu ? Décisions d'abord, puis les tâches avec un responsable.",
        "**Décisions**\n- Le lancement de {product} est repoussé de deux semaines.\n- Le budget reste inchangé.\n\n**Tâches**\n| Tâche | Responsable | Échéance |\n| --- | --- | --- |\n| Prévenir les clients pilotes | {who} | vendredi |\n| Mettre à jour {id} | équipe capteurs | lundi |",
      ],
      [
        "Ajoute une phrase sur le risque principal.",
        "Le risque principal tient au fournisseur de joints, dont le délai est passé à {n} jours.",
      ],
    ],
  },
  {
    title: "Traduction d'une notice",
    turns: [
      [
        "Traduis en anglais : « Ne pas ouvrir le boîtier sous tension. Débrancher l'appareil avant toute intervention. »",
        "“Do not open the housing while it is live. Disconnect the device before any work on it.”",
      ],
      [
        "Et en allemand, sur un ton moins sec ?",
        "„Bitte öffnen Sie das Gehäuse nur im spannungsfreien Zustand und trennen Sie das Gerät vorher vom Netz.“",
      ],
    ],
  },
  {
    title: "Analyse des réclamations",
    attachments: ["réclamations_octobre.csv"],
    tools: ["python"],
    turns: [
      [
        "Voici {n} réclamations. Quelles sont les trois causes les plus fréquentes ?",
        "1. Retard de livraison ({pct})\n2. Étalonnage imprécis ({pct})\n3. Notice incomplète ({pct})\n\nLes retards viennent presque tous du dépôt de Lyon-Sud. 📦",
      ],
      [
        "Propose une mesure simple.",
        "Expédier les commandes urgentes depuis l'atelier : cela évite deux jours de transit sans coût notable.",
      ],
    ],
  },
];
