import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const acme = {
  name: "acme-prod",
  connector: "acme",
  settings: { token: "sk-canary-0123456789", workspace: "w1" },
  dataSources: ["messages"],
};

test("an installed collector starts at once and its secret never comes back", async () => {
  const answer = await api.send("POST", "/collectors", { as: "operator", body: acme });

  const text = await answer.text();
  expect(answer.status, text).toBe(201);
  const { collector, warnings } = JSON.parse(text);
  expect(warnings).toEqual([]);
  expect(collector).toMatchObject({
    name: "acme-prod",
    health: "starting",
    settings: { workspace: "w1" },
    secrets: [{ name: "token", last4: "6789" }],
    pollInterval: "1m",
  });
  expect(text).not.toContain("canary");
  expect(api.engine.plans[0]?.settings).toMatchObject({ token: "sk-canary-0123456789" });
});
