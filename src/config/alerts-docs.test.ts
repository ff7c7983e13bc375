import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { z } from "zod";
import { channelSettings } from "../model/alert-channels.ts";
import { alertRuleNames } from "../model/alerts.ts";
import { readConfiguration } from "./read-configuration.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/alerts.md"), "utf8");

const rowsOf = (section: string) =>
  section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()));

test.each(Object.entries(channelSettings))("docs/alerts.md lists the settings of %s", (kind, schema) => {
  const section = page.split(/^### /m).find((part) => part.startsWith(`\`${kind}\``)) ?? "";
  const expected = Object.entries(schema.shape).map(([name, field]) => [
    `\`${name}\``,
    (field as z.ZodType).meta()?.description,
  ]);

  expect(rowsOf(section).map(([, name, , meaning]) => [name, meaning])).toEqual(expected);
});

test("docs/alerts.md lists every rule", () => {
  const section = page.split(/^## /m).find((part) => part.startsWith("What is told")) ?? "";

  expect(rowsOf(section).map(([, name]) => name)).toEqual(alertRuleNames.map((name) => `\`${name}\``));
});

test("the example of docs/alerts.md is accepted as it stands", () => {
  const folder = mkdtempSync(join(tmpdir(), "cistern-docs-"));
  const secrets = { "slack-hook": "https://hooks.example/x", mail: "reed water", heartbeat: "https://beat.example/x" };
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(folder, name), text);
  const file = join(folder, "c.yaml");
  writeFileSync(file, /```yaml\n([\s\S]+?)```/.exec(page)![1]!.replaceAll("/run/secrets/", `${folder}/`));
  const env = { WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}` };

  const { alerts } = readConfiguration(file, { env, connectors: [] });
  rmSync(folder, { recursive: true });

  expect(alerts?.channels.map(({ kind }) => kind)).toEqual(["webhook", "slack", "email"]);
});
