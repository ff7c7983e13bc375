import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventsTable, formatsTable, membersTable, stampsTable } from "../testing/format-tables.ts";
import { marked } from "../testing/settings-table.ts";
import { formats } from "./index.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/formats.md"), "utf8");

// What is expected here is what has to stand in the page between the marks.
test.each([
  ["formats", formatsTable],
  ["events", eventsTable],
  ["members", membersTable],
  ["stamps", stampsTable],
])("docs/formats.md has the table of %s as the code has it", (name, table) => {
  expect(marked(page, name)).toBe(table(formats));
});
