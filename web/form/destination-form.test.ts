import { expect, test } from "vitest";
import type { Destination, DestinationKind } from "../api-types.ts";
import {
  additionOf,
  changeOf,
  destinationErrors,
  destinationForm,
  durationOf,
  errorAt,
  filterOf,
  maskingOf,
  previewOf,
} from "./destination-form.ts";

const plain = { required: true, advanced: false, fixed: false, lines: false } as const;
const kind = {
  name: "webhook",
  settings: [
    { ...plain, name: "url", label: "Address", kind: "text" },
    { ...plain, name: "secret", label: "Secret", kind: "secret" },
  ],
  formats: [{ name: "raw" }, { name: "ecs" }],
} as unknown as DestinationKind;

const filter = {
  data_sources: ["conversations"],
  types: ["AUTH_LOG"],
  users: ["a@example.com"],
  without_users: ["b@example.com"],
  fields: [{ field: "action", contains: "x" }],
};
const masking = { metadata_only: true, drop: ["a.b"], mask: ["c"], pseudonyms: true };
const stored = {
  name: "soc",
  settings: { url: "https://soc.example" },
  format: "ecs",
  filter,
  masking,
  collectorIds: ["col_1"],
  from: "now",
  maxBatchEvents: 100,
  maxBatchBytes: 50_000,
  maxAgeMs: 5_000,
} as unknown as Destination;

test("a fresh form takes all, from the start, in the first format, and needs only what the kind needs", () => {
  const form = destinationForm(kind);

  expect([form.format, form.collectorIds, form.from, filterOf(form), maskingOf(form)]).toEqual([
    "raw",
    null,
    "start",
    null,
    null,
  ]);
  expect(Object.keys(destinationErrors(kind, form, [])).sort()).toEqual(["name", "secret", "url"]);
});

test("what is stored comes back as it was, the stored secret apart", () => {
  const form = destinationForm(kind, stored);

  expect(changeOf(kind, form)).toEqual({
    name: "soc",
    settings: { url: "https://soc.example" },
    format: "ecs",
    filter,
    masking,
    collectorIds: ["col_1"],
    from: "now",
    maxBatchEvents: 100,
    maxBatchBytes: 50_000,
    maxAge: "5s",
  });
  expect(destinationErrors(kind, form, ["secret"])).toEqual({});
});

test("what is cleared is told as cleared", () => {
  const form = { ...destinationForm(kind, stored), users: [], maxBatchEvents: " ", maxAge: "", metadataOnly: false };
  const bare = { ...form, drop: [], mask: [], pseudonyms: false };

  expect(changeOf(kind, form)).toMatchObject({ maxBatchEvents: null, maxAge: null });
  expect(filterOf(form)).not.toHaveProperty("users");
  expect(maskingOf(form)).not.toHaveProperty("metadata_only");
  expect(changeOf(kind, bare).masking).toBeNull();
});

test("an addition names its kind and carries the secret that was typed", () => {
  const form = {
    ...destinationForm(kind),
    name: " soc ",
    settings: { url: "https://a" },
    secrets: { secret: "whsec_1" },
  };

  expect(additionOf(kind, form)).toMatchObject({
    kind: "webhook",
    name: "soc",
    settings: { url: "https://a", secret: "whsec_1" },
  });
});

test("a stored secret that is taken away is told as null, one that is not typed is not told at all", () => {
  const form = destinationForm(kind, stored);

  expect(changeOf(kind, form).settings).toEqual({ url: "https://soc.example" });
  expect(changeOf(kind, { ...form, secrets: { secret: null } }).settings).toEqual({
    url: "https://soc.example",
    secret: null,
  });
});

test("a preview is asked for with the same filter and masks, and without settings", () => {
  const asked = previewOf(destinationForm(kind, stored), "dest_1");

  expect(asked).toEqual({ format: "ecs", collectorIds: ["col_1"], filter, masking, show: 5, destinationId: "dest_1" });
});

test("wrong limits, paths, conditions and an empty choice of collectors are told at their fields", () => {
  const form = {
    ...destinationForm(kind, stored),
    collectorIds: [],
    drop: ["a b"],
    conditions: [{ field: "", operator: "exists", values: [], text: "" } as const],
    maxBatchEvents: "0",
    maxBatchBytes: "many",
    maxAge: "soon",
  };

  expect(Object.keys(destinationErrors(kind, form, ["secret"])).sort()).toEqual([
    "collectorIds",
    "filter.fields.0",
    "masking.drop",
    "maxAge",
    "maxBatchBytes",
    "maxBatchEvents",
  ]);
});

test("what the server says of a member of a list stands at the list", () => {
  expect(errorAt({ "filter.users.2": "too long" }, "filter.users")).toBe("too long");
  expect(errorAt({ "filter.users_of": "x" }, "filter.users")).toBeUndefined();
});

test("durations are written as they are typed", () => {
  expect([500, 5_000, 120_000, 1_500].map(durationOf)).toEqual(["500ms", "5s", "2m", "1500ms"]);
});
