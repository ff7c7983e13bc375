import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTable, insertSettings } from "./clickhouse-table.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/destinations/clickhouse.md"), "utf8");

test("the documentation shows the table as it is created", () => {
  const shown = /CREATE TABLE security\.[\s\S]+?;/.exec(page)![0].replaceAll(/\s+/g, " ");

  const sql = createTable({ database: "security", table: "cistern_events" });

  expect(`${sql.replace("IF NOT EXISTS ", "").replaceAll("`", "")};`.replaceAll(/\s+/g, " ")).toBe(shown);
});

test("the documentation names every setting that the user has to be allowed to change", () => {
  // Not a setting of the query, but of the interface.
  const names = Object.keys(insertSettings("a")).filter((name) => name !== "wait_end_of_query");

  for (const name of names) expect(page).toContain(`\`${name}\``);
});
