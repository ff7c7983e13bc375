/** A place where people of the company work. */
export interface Office {
  readonly city: string;
  readonly country: string;
  readonly region: string;
  readonly regionCode: string;
  readonly latitude: string;
  readonly longitude: string;
  /** Hours ahead of UTC, all year. */
  readonly utcOffset: number;
  /** Part of the company, 0 to 1; all offices add up to 1. */
  readonly share: number;
  /** First three numbers of its addresses, from ranges kept for documentation. */
  readonly network: string;
  /** Languages written there; the first one twice as often as each other. */
  readonly languages: readonly Language[];
  readonly givenNames: readonly string[];
  readonly familyNames: readonly string[];
}

export type Language = "en" | "de" | "fr" | "es" | "ja" | "zh" | "th" | "ar";

export const OFFICES: readonly Office[] = [
  {
    city: "Berlin",
    country: "DE",
    region: "Berlin",
    regionCode: "BE",
    latitude: "52.5200",
    longitude: "13.4050",
    utcOffset: 1,
    share: 0.26,
    network: "198.51.100",
    languages: ["de", "en"],
    givenNames: ["Jonas", "Mira", "Käthe", "Lukas", "Aylin", "Friedrich", "Nele", "Tarek", "Sönke", "Paula"],
    familyNames: ["Brandt", "Öztürk", "Lindner", "Groß", "Vogel", "Schäfer", "Petersen", "Kowalski", "Weiß"],
  },
  {
    city: "New York",
    country: "US",
    region: "New York",
    regionCode: "NY",
    latitude: "40.7128",
    longitude: "-74.0060",
    utcOffset: -5,
    share: 0.26,
    network: "203.0.113",
    languages: ["en", "es"],
    givenNames: ["Avery", "Maya", "Dwayne", "Olivia", "Ruth", "Caleb", "Priya", "Noah", "Imani", "Grace"],
    familyNames: ["Whitfield", "O'Hara", "Delgado", "Okafor", "Steele", "Nguyen", "Marsh", "Kaplan", "Reyes"],
  },
  {
    city: "Lyon",
    country: "FR",
    region: "Auvergne-Rhône-Alpes",
    regionCode: "ARA",
    latitude: "45.7640",
    longitude: "4.8357",
    utcOffset: 1,
    share: 0.1,
    network: "192.0.2",
    languages: ["fr", "en"],
    givenNames: ["Chloé", "Hugo", "Inès", "Théo", "Margaux"],
    familyNames: ["Lefèvre", "Garnier", "Benali", "Rousseau", "Caron"],
  },
  {
    city: "Sevilla",
    country: "ES",
    region: "Andalucía",
    regionCode: "AN",
    latitude: "37.3891",
    longitude: "-5.9845",
    utcOffset: 1,
    share: 0.08,
    network: "198.18.4",
    languages: ["es", "en"],
    givenNames: ["Lucía", "Álvaro", "Noelia", "Iker", "Begoña"],
    familyNames: ["Ibáñez", "Cortés", "Muñoz", "Salas", "Vidal"],
  },
  {
    city: "Osaka",
    country: "JP",
    region: "Osaka",
    regionCode: "27",
    latitude: "34.6937",
    longitude: "135.5023",
    utcOffset: 9,
    share: 0.12,
    network: "198.18.8",
    languages: ["ja", "en"],
    givenNames: ["Haruka", "Kenji", "Sakura", "Daichi", "Yui"],
    familyNames: ["Tanaka", "Moriyama", "Kobayashi", "Ishida", "Fujii"],
  },
  {
    city: "Taipei",
    country: "TW",
    region: "Taipei City",
    regionCode: "TPE",
    latitude: "25.0330",
    longitude: "121.5654",
    utcOffset: 8,
    share: 0.08,
    network: "198.18.12",
    languages: ["zh", "en"],
    givenNames: ["Mei-Ling", "Chih-Wei", "Ya-Ting", "Po-Han", "Hsin-Yi"],
    familyNames: ["Lin", "Huang", "Chang", "Tsai", "Hsu"],
  },
  {
    city: "Bangkok",
    country: "TH",
    region: "Bangkok",
    regionCode: "10",
    latitude: "13.7563",
    longitude: "100.5018",
    utcOffset: 7,
    share: 0.05,
    network: "198.18.16",
    languages: ["th", "en"],
    givenNames: ["Somchai", "Nattaya", "Pim", "Anan", "Kanya"],
    familyNames: ["Srisai", "Wongsakul", "Thongdee", "Rattanakul", "Boonmee"],
  },
  {
    city: "Amman",
    country: "JO",
    region: "Amman",
    regionCode: "AM",
    latitude: "31.9539",
    longitude: "35.9106",
    utcOffset: 3,
    share: 0.05,
    network: "198.18.20",
    languages: ["ar", "en"],
    givenNames: ["Layla", "Omar", "Rania", "Yousef", "Dana"],
    familyNames: ["Haddad", "Khoury", "Nasser", "Salameh", "Zaid"],
  },
];
