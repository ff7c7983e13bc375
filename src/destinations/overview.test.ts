// docs/destinations.md is about all of them: what stands in its tables is what the code has.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EventFilter, FieldRule, Masking } from "../model/shaping.ts";
import { keysTable, kindsTable } from "../testing/destination-tables.ts";
import { marked } from "../testing/settings-table.ts";
import { destinations } from "./index.ts";

const docs = join(import.meta.dirname, "../../docs");
const page = readFileSync(join(docs, "destinations.md"), "utf8");

test.each([
  ["kinds", kindsTable(destinations)],
  ["filter", keysTable(EventFilter)],
  ["fields", keysTable(FieldRule)],
  ["masking", keysTable(Masking)],
])("the overview has the table of %s as the code has it", (name, table) => {
  expect(marked(page, name)).toBe(table);
});

test("every key of filter and masks is described", () => {
  for (const section of [EventFilter, FieldRule, Masking]) expect(keysTable(section)).not.toMatch(/\| {2}\|/);
});

test("every destination has its page", () => {
  const without = destinations.filter(({ name }) => !existsSync(join(docs, "destinations", `${name}.md`)));

  expect(without.map(({ name }) => name)).toEqual([]);
});
