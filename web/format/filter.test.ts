import { expect, test } from "vitest";
import type { CollectorRow } from "../api-types.ts";
import { filterCollectors, filterDrafts, holds } from "./filter.ts";

const aRow = (row: Partial<CollectorRow>) =>
  ({
    name: "chatgpt-prod",
    vendor: "OpenAI",
    connectorTitle: "ChatGPT Enterprise",
    reason: "Collecting",
    health: "running",
    ...row,
  }) as CollectorRow;
const aDraft = {
  id: "d",
  connector: "chatgpt-enterprise",
  connectorTitle: "ChatGPT Enterprise",
  name: "emea",
  updatedAt: "",
};
const vendorOf = () => "OpenAI";

test("every word has to occur, whatever its case", () => {
  expect([
    holds(["ChatGPT", "headquarters"], "head CHAT"),
    holds(["ChatGPT"], "chat lab"),
    holds(["x"], undefined),
  ]).toEqual([true, false, true]);
});

test("filters narrow together", () => {
  const rows = [
    aRow({}),
    aRow({ name: "lab", health: "failed" }),
    aRow({ name: "other", vendor: "Acme", health: "failed" }),
  ];

  expect(filterCollectors(rows, { status: "failed" }).map(({ name }) => name)).toEqual(["lab", "other"]);
  expect(filterCollectors(rows, { status: "failed", vendor: "OpenAI" }).map(({ name }) => name)).toEqual(["lab"]);
  expect(filterCollectors(rows, { q: "acme" }).map(({ name }) => name)).toEqual(["other"]);
});

test("the status draft shows drafts alone, any other status none", () => {
  expect(filterCollectors([aRow({})], { status: "draft" })).toEqual([]);
  expect(filterDrafts([aDraft], { status: "draft" }, vendorOf)).toEqual([aDraft]);
  expect(filterDrafts([aDraft], { status: "running" }, vendorOf)).toEqual([]);
  expect(filterDrafts([aDraft], { vendor: "Acme" }, vendorOf)).toEqual([]);
});
