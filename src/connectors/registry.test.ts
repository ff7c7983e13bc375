import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { marked, settingsTable } from "../testing/settings-table.ts";
import { connectorNamed, connectors } from "./index.ts";

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const pageOf = (name: string) => join(import.meta.dirname, "../../docs/connectors", `${name}.md`);

test("every folder is registered under its own name, and nothing else is", () => {
  expect(connectors.map(({ name }) => name).sort()).toEqual(folders.map(({ name }) => name).sort());
  for (const connector of connectors) expect(connectorNamed(connector.name)).toBe(connector);
  expect(connectorNamed("nothing")).toBeUndefined();
});

test.each(connectors.map((connector) => [connector.name, connector] as const))(
  "%s has a page that names its settings and data sources as they are",
  (name, connector) => {
    expect(existsSync(pageOf(name)), `docs/connectors/${name}.md is missing`).toBe(true);
    const page = readFileSync(pageOf(name), "utf8");
    const sources = connector.dataSources.map(
      (feed) => `| \`${feed.name}\` | ${feed.title} | \`${feed.upstreamType}\` | ${feed.description} |`,
    );

    expect(page).toMatch(new RegExp(`^# ${connector.title}\n`));
    expect(marked(page, "settings")).toBe(settingsTable(connector.settings));
    expect(marked(page, "data sources").split("\n").slice(2)).toEqual(sources);
  },
);
