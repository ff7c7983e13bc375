import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import type { CheckStep } from "../model/check.ts";
import { CollectorError } from "../model/errors.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const secret = "sk-canary-0123456789";
const body = { connector: "acme", settings: { token: secret, workspace: "w1" }, dataSources: ["messages"] };

async function check(change: object = {}) {
  const answer = await api.send("POST", "/check", { as: "operator", body: { ...body, ...change } });
  const text = await answer.text();
  expect(text).not.toContain("canary");
  const steps = answer.ok
    ? text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as CheckStep)
    : [];
  return { answer, text, steps };
}

const stored = () => {
  const collector = api.control.createCollector(
    {
      name: "acme-prod",
      connector: "acme",
      settings: { workspace: "w1" },
      dataSources: ["messages"],
      pausedDataSources: [],
      siteId: undefined,
      timezone: undefined,
      start: undefined,
      pollIntervalMs: 60_000,
      overlapMs: 60_000,
      requestsPerMinute: "auto",
      retentionDays: undefined,
      paused: false,
      managedBy: "console",
    },
    { token: secret },
  );
  return collector.id;
};

test("each step comes as a line of its own, and at the end whether all went well", async () => {
  api.tester.steps = [
    { id: "dns", title: "Name", state: "running" },
    { id: "dns", title: "Name", state: "ok", durationMs: 3 },
    { id: "clock", title: "Clock", state: "warning", remedy: "Set it." },
  ];

  const { answer, steps } = await check();

  expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
  expect(steps).toEqual([...api.tester.steps, { id: "result", title: "The connection works", state: "ok" }]);
  expect(api.tester.settings).toMatchObject([
    { token: secret, workspace: "w1", base_url: "https://api.acme.example/v1" },
  ]);
});

test("a failed step makes the test fail", async () => {
  api.tester.steps = [{ id: "key", title: "Key", state: "failed", reason: "key_refused" }];

  expect((await check()).steps.at(-1)).toMatchObject({ id: "result", state: "failed" });
});

test("what stops the test is its last step, with what to do, and a bug without a word of it", async () => {
  api.tester.failure = new CollectorError("unavailable", "No answer", { reason: "connect_timeout", action: "Wait." });
  expect((await check()).steps.slice(-2)).toEqual([
    {
      id: "stopped",
      title: "The test stopped",
      state: "failed",
      detail: "No answer",
      remedy: "Wait.",
      reason: "connect_timeout",
    },
    { id: "result", title: "The test failed", state: "failed" },
  ]);

  api.tester.failure = new TypeError("canary");
  expect((await check()).steps.at(-2)).toMatchObject({ reason: "internal" });
});

test("a secret that is not given comes from the collector, or from the draft", async () => {
  const collectorId = stored();
  const draft = api.control.saveDraft(
    { connector: "acme", values: {}, secrets: { secret_key: `${secret}-draft` } },
    "anna",
  );
  const settings = { workspace: "w2" };

  await check({ settings, collectorId });
  await check({ settings, draftId: draft.id });

  expect(api.tester.settings).toMatchObject([{ token: secret, workspace: "w2" }, { token: `${secret}-draft` }]);
});

test("a stored secret is never sent to another address", async () => {
  const collectorId = stored();

  const { answer, text } = await check({
    settings: { workspace: "w1", base_url: "https://evil.example" },
    collectorId,
  });

  expect(answer.status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({ code: "secret_needed", fields: { token: expect.any(String) } });
  expect(api.tester.settings).toEqual([]);
});

test("settings that are not valid are refused before anything is asked", async () => {
  const { answer, text } = await check({ settings: { token: secret, workspace: "nonsense" } });

  expect(answer.status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({ code: "invalid", fields: { workspace: expect.any(String) } });
  expect((await check({ collectorId: "col_no" })).answer.status).toBe(404);
  expect((await check({ dataSources: ["nothing"] })).text).toContain("unknown_data_source");
  expect(api.tester.settings).toEqual([]);
});

test("a test is recorded with who made it", async () => {
  await check();

  expect(api.access.accessRecord({ limit: 1 })[0]).toMatchObject({
    who: "token operator",
    action: "connection.tested",
  });
});

test("no secret reaches the log", async () => {
  api.tester.failure = new TypeError(secret);
  await check();
  api.data.failure = new Error(secret);
  await api.send("GET", "/collectors", { as: "operator" });

  expect(api.logged).toHaveLength(2);
  expect(api.logged.join()).not.toContain("canary");
});
