// The tables of docs/destinations.md, drawn from the code.
import type { z } from "zod";
import type { Destination, Guarantee } from "../model/destination.ts";

/** The keys of a section, with what they do, as a Markdown table. */
export function keysTable(section: z.ZodObject): string {
  const rows = Object.entries(section.shape).map(([key, field]) => {
    const { description } = (field as z.ZodType).meta() ?? {};
    return `| \`${key}\` | ${description ?? ""} |`;
  });
  return ["| key | what it does |", "| --- | --- |", ...rows].join("\n");
}

const promises: Readonly<Record<Guarantee, string>> = {
  idempotent: "changes nothing there",
  deduplicated_for_a_while: "is dropped there for a while",
  at_least_once: "is a second copy with the same key",
  unacknowledged: "cannot be told from a loss: the other side never says what it took",
};

/** Every kind of destination with its page, its first format and what a repeat does there. */
export function kindsTable(kinds: readonly Destination[]): string {
  const rows = kinds.map(
    ({ name, title, formats, guarantee }) =>
      `| [${title}](destinations/${name}.md) | \`${name}\` | \`${formats[0]}\` | ${promises[guarantee]} |`,
  );
  return ["| destination | name | first format | a repeat |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
