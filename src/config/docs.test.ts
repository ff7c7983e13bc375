import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connectors } from "../connectors/index.ts";
import { environmentVariables } from "./environment.ts";
import { readConfiguration } from "./read-configuration.ts";
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

describe("is accepted as it stands:", () => {
  const env = { OPENAI_COMPLIANCE_API_KEY: "sk-admin-made-up-0123456789" };

  test("the example of docs/configuration.md", () => {
    const folder = mkdtempSync(join(tmpdir(), "cistern-docs-"));
    const file = join(folder, "c.yaml");
    writeFileSync(file, /```yaml\n([\s\S]+?)```/.exec(page)![1]!);

    const { collectors, warnings } = readConfiguration(file, { env, connectors });
    rmSync(folder, { recursive: true });

    expect(collectors.map(({ name }) => name)).toEqual(["chatgpt-prod"]);
    expect(warnings).toEqual([]);
  });

  test("examples/config.yaml", () => {
    const file = join(import.meta.dirname, "../../examples/config.yaml");

    const { collectors, warnings } = readConfiguration(file, { env, connectors });

    expect(collectors[0]).toMatchObject({ site: "hq", pollIntervalMs: 60_000, overlapMs: 86_400_000 });
    expect(warnings).toEqual([]);
  });
});
