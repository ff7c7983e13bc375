// The index template against the published schema, against what our formats write, and against both products' types.
import { EcsFlat } from "@elastic/ecs";
import { describe, expect, test } from "vitest";
import { formatOf } from "../normalize/index.ts";
import { goldenEvents, hostileGoldenEvents } from "../testing/golden-events.ts";
import { type IndexMapping, indexMapping, type MappingNode } from "../testing/index-mapping.ts";
import { createStreams } from "../testing/search-streams.ts";
import { type Flavour, indexTemplate } from "./parts/elastic-template.ts";

const STREAM = "logs-openai.compliance-default";

interface Template {
  readonly template: { readonly mappings: MappingNode };
}

const templateFor = (flavour: Flavour) => indexTemplate(STREAM, flavour) as Template;
const mappingFor = (flavour: Flavour): IndexMapping => indexMapping(templateFor(flavour).template.mappings);
const events = [...goldenEvents, ...hostileGoldenEvents];

/** What the template lists, by full name. */
function listed(node: MappingNode, path = ""): readonly (readonly [string, MappingNode])[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
    const full = path === "" ? name : `${path}.${name}`;
    return inner.type === undefined ? listed(inner, full) : [[full, inner] as const];
  });
}

const schema: Readonly<Record<string, { readonly type: string; readonly index?: boolean }>> = EcsFlat;
const isOfSchema = (name: string) => Object.hasOwn(schema, name);

test("each field of ECS that it lists has the type that ECS gives it", () => {
  const ours = listed(templateFor("elasticsearch").template.mappings).filter(([name]) => isOfSchema(name));

  expect(ours.length).toBeGreaterThan(9);
  expect(ours.map(([name, { type }]) => [name, type])).toEqual(ours.map(([name]) => [name, schema[name]!.type]));
  expect(ours.filter(([, { index }]) => index === false).map(([name]) => name)).toEqual(["event.original"]);
});

test("each field that our ECS writes has the type that ECS gives it, whether listed or not", () => {
  const mapping = mappingFor("elasticsearch");
  for (const { name, view } of events)
    expect(mapping.fit(JSON.parse(formatOf("ecs").render(view))), name).toBeUndefined();

  const written = [...mapping.types].filter(([name, type]) => type !== "object" && isOfSchema(name));
  expect(written.length).toBeGreaterThan(30);
  expect(written).toEqual(written.map(([name]) => [name, schema[name]!.type]));
});

describe.each(["elasticsearch", "opensearch"] as const)("%s", (flavour) => {
  test("knows every type in it", () => {
    expect(createStreams(flavour).putTemplate("ours", templateFor(flavour) as object)).toBeUndefined();
  });

  test.each(["ecs", "raw", "ocsf", "ocsf-1.9"] as const)("takes everything in format %s", (name) => {
    const mapping = mappingFor(flavour);
    const misfits = events.flatMap(({ name: event, view }) => {
      const fault = mapping.fit({ "@timestamp": "2026-07-15T15:29:05Z", ...JSON.parse(formatOf(name).render(view)) });
      return fault === undefined ? [] : [`${event}: ${fault.reason}`];
    });

    expect(misfits).toEqual([]);
    expect(mapping.types.size).toBeLessThan(400);
  });
});

test("without it, upstream objects become a field for every word of theirs", () => {
  const mapping = indexMapping();
  for (const { view } of goldenEvents) mapping.fit(JSON.parse(formatOf("raw").render(view)));

  expect([...mapping.types.keys()].filter((name) => name.startsWith("raw.")).length).toBeGreaterThan(50);
});
