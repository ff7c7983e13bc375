import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { MINUTE_US } from "../model/coverage.ts";
import type { CoveredFile } from "../model/report.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
let id: string;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
  id = api.control.createCollector(
    {
      name: "prod",
      connector: "acme",
      settings: { workspace: "w1" },
      dataSources: ["messages"],
      pausedDataSources: [],
      siteId: undefined,
      timezone: undefined,
      start: undefined,
      pollIntervalMs: 60_000,
      overlapMs: 86_400_000,
      requestsPerMinute: "auto",
      retentionDays: undefined,
      paused: false,
      managedBy: "console",
    },
    { token: "secret-token" },
  ).id;
});
afterEach(() => api.close());

const us = (text: string) => Date.parse(text) * 1_000;
const period = "from=2026-07-15T10:00:00Z&to=2026-07-15T12:00:00Z";

const file = (change: Partial<CoveredFile> = {}): CoveredFile => ({
  id: "f1",
  endTime: "2026-07-15T11:00:00Z",
  size: 10,
  sha256: "a".repeat(64),
  state: "pending",
  listedAt: "2026-07-15T11:05:00Z",
  attempts: 2,
  retryAt: undefined,
  missingSince: undefined,
  error: {
    code: "unavailable",
    reason: "timeout",
    message: "No answer",
    action: undefined,
    since: "2026-07-15T11:05:00Z",
    at: "2026-07-15T11:06:00Z",
    count: 2,
  },
  done: undefined,
  ...change,
});

describe("coverage", () => {
  test("counts the minutes of each cell and of the whole time", async () => {
    const scannedToUs = us("2026-07-15T11:40:00Z");
    api.data.coverage = {
      facts: { askedFromUs: 0, scannedToUs, allowanceUs: 10 * MINUTE_US },
      stretches: [
        { fromUs: us("2026-07-15T10:10:00Z"), toUs: us("2026-07-15T10:20:00Z"), kind: "done" },
        { fromUs: us("2026-07-15T11:00:00Z"), toUs: us("2026-07-15T11:05:00Z"), kind: "quarantined" },
      ],
      gaps: [],
    };

    const answer = await api.send("GET", `/collectors/${id}/coverage?${period}`, { as: "viewer" });

    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      from: "2026-07-15T10:00:00Z",
      to: "2026-07-15T12:00:00Z",
      stepMinutes: 60,
      sources: [
        {
          dataSource: "messages",
          title: "messages",
          minutes: {
            lost: 0,
            missing: 5,
            pending: 0,
            not_scanned: 20,
            late_possible: 10,
            not_asked: 0,
            collected: 10,
            empty: 75,
          },
          cells: [
            { at: "2026-07-15T10:00:00Z", worst: "collected", minutes: { collected: 10, empty: 50 } },
            {
              at: "2026-07-15T11:00:00Z",
              worst: "missing",
              minutes: { missing: 5, empty: 25, late_possible: 10, not_scanned: 20 },
            },
          ],
        },
      ],
    });
  });

  test("begins its cells at whole hours, and at whole days for a long time", async () => {
    const hours = await api.send(
      "GET",
      `/collectors/${id}/coverage?from=2026-07-15T10:30:00Z&to=2026-07-15T11:01:00Z`,
      {
        as: "viewer",
      },
    );
    expect(await hours.json()).toMatchObject({ from: "2026-07-15T10:00:00Z", to: "2026-07-15T12:00:00Z" });
    const days = await api.send("GET", `/collectors/${id}/coverage?from=2026-05-01T10:00:00Z&to=2026-07-15T10:00:00Z`, {
      as: "viewer",
    });
    expect(await days.json()).toMatchObject({
      from: "2026-05-01T00:00:00Z",
      to: "2026-07-16T00:00:00Z",
      stepMinutes: 1_440,
    });
    const answer = await api.send("GET", `/collectors/${id}/coverage`, { as: "viewer" });
    const week = (await answer.json()) as { sources: [{ cells: unknown[] }] };
    expect(week).toMatchObject({ from: "2026-07-08T12:00:00Z", to: "2026-07-15T13:00:00Z" });
    expect(week.sources[0].cells).toHaveLength(169);
  });

  test.each([
    ["from=2026-07-15T12:00:00Z&to=2026-07-15T10:00:00Z", "It is not before to"],
    ["from=2020-07-15T12:00:00Z&to=2026-07-15T10:00:00Z", "Longer than 1100 days"],
    ["from=2026-01-01T12:00:00Z&to=2026-07-15T10:00:00Z&step=hour", "For so long a time ask for step=day"],
  ])("refuses %s", async (query, sentence) => {
    const answer = await api.send("GET", `/collectors/${id}/coverage?${query}`, { as: "viewer" });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid", fields: { from: sentence } });
  });

  test("names the files behind a cell, in pages", async () => {
    const outcome = { lines: 3, inserted: 2, duplicates: 1, conflicts: 0, quarantined: 0, tombstoned: 0, held: 2 };
    const done = { ...outcome, sha256: "b".repeat(64), verified: true, at: "2026-07-15T11:10:00Z" };
    const later = file({ id: "later", endTime: "2026-07-15T13:00:00Z", state: "done", error: undefined });
    api.data.files = [file(), later, file({ id: "f2", state: "done", error: undefined, done })];

    const answer = await api.send("GET", `/collectors/${id}/coverage/files?${period}&source=messages`, {
      as: "viewer",
    });

    expect((await answer.json()) as object).toEqual({
      files: [
        {
          fileId: "f1",
          endTime: "2026-07-15T11:00:00Z",
          state: "pending",
          size: 10,
          attempts: 2,
          sha256: "a".repeat(64),
          error: { code: "unavailable", reason: "timeout", message: "No answer" },
        },
        {
          fileId: "f2",
          endTime: "2026-07-15T11:00:00Z",
          state: "done",
          size: 10,
          attempts: 2,
          lines: 3,
          held: 2,
          quarantined: 0,
          sha256: "b".repeat(64),
        },
      ],
    });
    const wrong = await api.send("GET", `/collectors/${id}/coverage/files?${period}&source=messages&after=x`, {
      as: "viewer",
    });
    expect(wrong.status).toBe(400);
  });
});

describe("reports", () => {
  const body = () => ({ collector: id, from: "2026-07-01T00:00:00Z", to: "2026-07-02T00:00:00Z" });

  test("one is issued, kept, fetched again and in the access record", async () => {
    const issued = await api.send("POST", "/reports/completeness", { as: "auditor", body: body() });
    expect(issued.status).toBe(200);
    expect(issued.headers.get("content-disposition")).toBe('attachment; filename="rep_1.json"');
    const document = await issued.text();
    expect(JSON.parse(document)).toMatchObject({ id: "rep_1", from: "2026-07-01T00:00:00Z" });

    const list = await api.send("GET", `/collectors/${id}/reports`, { as: "operator" });
    expect(await list.json()).toMatchObject([{ id: "rep_1", issuedBy: "token auditor", corrections: [] }]);
    const again = await api.send("GET", "/reports/rep_1", { as: "operator" });
    expect(await again.text()).toBe(document);
    const page = await api.send("GET", "/reports/rep_1/page", { as: "operator" });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-disposition")).toMatch(/^attachment/);
    expect(api.access.accessRecord({ limit: 10 }).map(({ action, object }) => [action, object])).toEqual([
      ["report.read", "rep_1"],
      ["report.read", "rep_1"],
      ["report.issued", id],
    ]);
  });

  test("whoever may only look issues none, and one that is not there is not found", async () => {
    expect((await api.send("POST", "/reports/completeness", { as: "viewer", body: body() })).status).toBe(403);
    expect((await api.send("GET", "/reports/rep_9", { as: "operator" })).status).toBe(404);
    const unknown = { ...body(), collector: "col_none" };
    expect((await api.send("POST", "/reports/completeness", { as: "operator", body: unknown })).status).toBe(404);
  });
});
