import type { z } from "zod";
import { type SettingField, settingFields } from "../model/settings-fields.ts";

/** The settings of a plug-in as a Markdown table: what its page in docs/ has to show between the two `settings` marks. */
export function settingsTable(schema: z.ZodType): string {
  const rows = settingFields(schema).map((field) => {
    const facts = [field.required ? "required" : "optional", ...kindOf(field), ...defaultOf(field)];
    return `| \`${field.name}\` | ${field.label} | ${facts.join(", ")} | ${cell(field.help ?? "")} |`;
  });
  return ["| Setting | Label | | What it is |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** What stands between `<!-- name -->` and `<!-- /name -->` in a page. Throws where the marks are missing. */
export function marked(page: string, name: string): string {
  const [, inside] = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)\\n<!-- /${name} -->`).exec(page) ?? [];
  if (inside === undefined) throw new Error(`The page has no marks for ${name}`);
  return inside;
}

const kindOf = ({ kind, advanced, fixed }: SettingField) => [
  ...(kind === "secret" ? ["secret"] : []),
  ...(advanced ? ["advanced"] : []),
  ...(fixed ? ["fixed once installed"] : []),
];

const defaultOf = (field: SettingField) =>
  field.default === undefined ? [] : [`default \`${String(field.default)}\``];

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
