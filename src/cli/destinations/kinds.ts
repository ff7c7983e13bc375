import type { Command } from "commander";
import type { Destination } from "../../model/destination.ts";
import { type SettingField, settingFields } from "../../model/settings-fields.ts";
import { type Cli, print, printJson } from "../cli.ts";
import { knownDestinations } from "../compose.ts";
import { defineCommand } from "../define-command.ts";
import { tableLines } from "../table.ts";
import { kindNamed } from "./parts.ts";

const text = {
  summary: "list where events can be delivered to",
  description: "With a kind it shows the settings and formats of that kind.",
  arguments: { kind: "a kind of destination, such as splunk-hec; default: every one" },
  examples: [
    ["cistern destinations kinds", "every kind"],
    ["cistern destinations kinds splunk-hec", "its settings and formats"],
  ],
} as const;

export function kindsCommand(cli: Cli): Command {
  return defineCommand("kinds [kind]", text).action(
    async (name: string | undefined, options: { readonly json?: boolean }) => {
      const kinds = await knownDestinations();
      const chosen = name === undefined ? kinds : [kindNamed(kinds, name)];
      if (options.json) return printJson(cli, { kinds: await Promise.all(chosen.map(jsonOf)) });
      const lines = name === undefined ? overview(kinds) : await whole(chosen[0]!);
      for (const line of lines) print(cli, line);
    },
  );
}

const overview = (kinds: readonly Destination[]) =>
  tableLines(
    ["KIND", "TITLE", "FORMATS", "REPEATS"].map((heading) => ({ heading })),
    kinds.map(({ name, title, formats, guarantee }) => [
      name,
      title,
      formats.join(", "),
      guarantee.replaceAll("_", " "),
    ]),
  );

async function formatsOf({ formats }: Destination) {
  const { formatOf } = await import("../../normalize/index.ts");
  return formats.map((name) => formatOf(name));
}

async function jsonOf(kind: Destination) {
  const { name, title, description, group, guarantee, guaranteeNote, limits } = kind;
  const formats = (await formatsOf(kind)).map((format) => ({ name: format.name, description: format.description }));
  const settings = settingFields(kind.settings).map(({ label, help, ...rest }) => ({ title: label, help, ...rest }));
  return { name, title, description, group, guarantee, guarantee_note: guaranteeNote, limits, formats, settings };
}

async function whole(kind: Destination): Promise<readonly string[]> {
  const formats = await formatsOf(kind);
  return [
    `${kind.title}: ${kind.description}`,
    kind.guaranteeNote,
    "",
    ...tableLines(
      ["SETTING", "", "WHAT IT IS"].map((heading) => ({ heading })),
      settingFields(kind.settings).map((field) => [field.name, needOf(field), field.help ?? field.label]),
    ),
    "",
    ...tableLines(
      ["FORMAT", "WHAT IT IS"].map((heading) => ({ heading })),
      formats.map(({ name, description }, place) => [name, place === 0 ? `${description} The default.` : description]),
    ),
  ];
}

function needOf({ required, kind, choices, default: standard }: SettingField): string {
  const need = required ? "required" : standard === undefined ? "optional" : `default ${String(standard)}`;
  const what = kind === "secret" ? "secret" : choices && `one of ${choices.join(", ")}`;
  return what === undefined ? need : `${need}; ${what}`;
}
