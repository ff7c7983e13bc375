import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environmentVariables } from "./environment.ts";
import { fileSections } from "./sections.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");

/** The rows of the table below a heading, as cells. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("docs/configuration.md describes exactly", () => {
  test.each(Object.entries(fileSections))("the keys of %s", (name, { schema }) => {
    const expected = Object.entries(schema.shape).map(([key, field]) => {
      const needed = field.safeParse(undefined).success ? "no" : "yes";
      return [`\`${key}\``, needed, field.meta()?.description];
    });

    expect(tableBelow(`\`${name}\``)).toEqual(expected);
  });

  test("the environment variables", () => {
    const expected = Object.entries(environmentVariables).map(([name, meaning]) => [`\`${name}\``, meaning]);

    expect(tableBelow("Environment")).toEqual(expected);
  });
});
