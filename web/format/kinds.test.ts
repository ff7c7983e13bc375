import { expect, test } from "vitest";
import type { DestinationKind } from "../api-types.ts";
import { kindGroups } from "./kinds.ts";

const aKind = (name: string, group: string, format = "raw") =>
  ({
    name,
    title: name,
    description: "",
    group,
    formats: [{ name: format, title: format }],
  }) as unknown as DestinationKind;

const kinds = [
  aKind("files", "file"),
  aKind("splunk", "siem"),
  aKind("odd", "archive"),
  aKind("qradar", "siem", "LEEF"),
];

test("groups stand in their order, an unknown one last, and none is empty", () => {
  expect(kindGroups(kinds, "").map(({ title, kinds: of }) => [title, of.map(({ name }) => name)])).toEqual([
    ["SIEM", ["splunk", "qradar"]],
    ["File", ["files"]],
    ["archive", ["odd"]],
  ]);
});

test("a kind is found by its group and by its formats", () => {
  expect(kindGroups(kinds, "siem leef").flatMap(({ kinds: of }) => of.map(({ name }) => name))).toEqual(["qradar"]);
});
