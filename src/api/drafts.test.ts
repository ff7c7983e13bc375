import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest, type Sent } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const secret = "sk-canary-0123456789";

async function send<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  as: Sent["as"] = "operator",
) {
  const answer = await api.send(method, path, { as, body });
  const text = await answer.text();
  expect(text).not.toContain("canary");
  return { status: answer.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
}

const begin = async (given: object = {}) =>
  (await send<{ id: string }>("POST", "/drafts", { connector: "acme", ...given })).body.id;

test("a draft is taken up again by another person, step by step, and becomes a collector", async () => {
  const id = await begin({ values: { acme_workspace: "w7" }, secrets: { secret_key: secret } });
  await send("PATCH", `/drafts/${id}`, { values: { name: "acme-prod", asked: "2026-07-01" } });

  const draft = await send("GET", `/drafts/${id}`);
  const evaluation = await send("GET", `/drafts/${id}/evaluation`);
  const installed = await send("POST", "/collectors", {
    name: "acme-prod",
    connector: "acme",
    settings: { workspace: "w7" },
    dataSources: ["messages"],
    draftId: id,
  });

  expect(draft.body).toMatchObject({
    values: { acme_workspace: "w7", name: "acme-prod", asked: "2026-07-01" },
    secrets: [{ name: "secret_key", last4: "6789" }],
    updatedBy: "token operator",
  });
  expect(evaluation.body).toMatchObject({ findings: [{ text: "Key ends in 6789" }] });
  expect(installed.status).toBe(201);
  expect(api.engine.plans[0]?.settings).toMatchObject({ workspace: "w7", token: secret });
  expect((await send("GET", "/drafts")).body).toEqual([]);
});

test("drafts stand in the list of collectors under their name", async () => {
  await begin({ values: { name: "half done" } });

  const list = await send("GET", "/collectors");

  expect(list.body.drafts).toMatchObject([{ connector: "acme", connectorTitle: "Acme Chat", name: "half done" }]);
});

test("a secret among the values, in the form's settings too, is treated as one", async () => {
  const id = await begin({ values: { token: secret, settings: { token: `${secret}2`, workspace: "w1" } } });

  expect((await send("GET", `/drafts/${id}`)).body).toMatchObject({
    values: { settings: { workspace: "w1" } },
    secrets: [{ name: "token" }],
  });
  expect(JSON.stringify(api.control.draft(id)?.values)).not.toContain("canary");
});

test("null removes a value, and an empty text a secret", async () => {
  const id = await begin({ values: { name: "x", asked: "y" }, secrets: { token: secret } });

  const changed = await send("PATCH", `/drafts/${id}`, { values: { asked: null }, secrets: { token: "" } });

  expect(changed.body).toMatchObject({ values: { name: "x" }, secrets: [] });
});

test("another address takes the stored secret away from a draft", async () => {
  const id = await begin({ values: { settings: { workspace: "w1" } }, secrets: { token: secret } });
  const same = await send("PATCH", `/drafts/${id}`, {
    values: { settings: { workspace: "w1", base_url: "https://api.acme.example/v1/" } },
  });
  expect(same.body.secrets).toHaveLength(1);

  const moved = await send("PATCH", `/drafts/${id}`, {
    values: { settings: { workspace: "w1", base_url: "https://evil.example" } },
  });

  expect(moved.body.secrets).toEqual([]);
});

test("a draft thrown away is gone, and an unknown one or an unknown connector is refused", async () => {
  const id = await begin();

  expect((await send("DELETE", `/drafts/${id}`)).status).toBe(204);
  expect((await send("DELETE", `/drafts/${id}`)).body).toMatchObject({ code: "not_found" });
  expect((await send("GET", `/drafts/${id}/evaluation`)).status).toBe(404);
  expect((await send("POST", "/drafts", { connector: "nothing" })).body).toMatchObject({ code: "unknown_connector" });
});
