import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

const files = {
  indexHtml: '<html><meta name="nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style></html>',
  file: (path: string) =>
    path === "/assets/main-1.js" || path === "/favicon.svg"
      ? {
          bytes: new TextEncoder().encode("file"),
          type: "text/javascript; charset=utf-8",
          immutable: path.startsWith("/assets/"),
        }
      : undefined,
};

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy }, { deps: { console: files } });
});
afterEach(() => api.close());

const get = (path: string) => api.sendTo("GET", path);

test("every page address gets the console, each answer with a nonce of its own", async () => {
  const nonces = new Set<string>();
  for (const path of ["/", "/collectors/col_1", "/events?q=x", "/index.html"]) {
    const answer = await get(path);
    const html = await answer.text();
    const nonce = /content="([^"]+)"/.exec(html)![1]!;

    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(html).not.toContain("__CSP_NONCE__");
    expect(answer.headers.get("content-security-policy")).toContain(`style-src 'self' 'nonce-${nonce}';`);
    expect(Buffer.from(nonce, "base64")).toHaveLength(16);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(4);
});

test("files are sent as they are; those with a hash in their name are kept for ever", async () => {
  const asset = await get("/assets/main-1.js");
  const icon = await get("/favicon.svg");

  expect(await asset.text()).toBe("file");
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(icon.headers.get("cache-control")).toBe("no-cache");
});

test("a missing file or API address is not answered with a page", async () => {
  for (const path of ["/assets/main-2.js", "/api/v1/nothing", "/api/v2/collectors", "/api"]) {
    const answer = await get(path);
    expect(answer.status, path).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  }
  expect((await api.sendTo("POST", "/")).status).toBe(404);
});

test("the strict policy and its fellows are on every answer, refusals included", async () => {
  for (const path of [
    "/",
    "/assets/main-1.js",
    "/healthz",
    "/api/v1/session",
    "/api/v1/collectors",
    "/api/v1/nothing",
  ]) {
    const { headers } = await get(path);
    const policy = headers.get("content-security-policy")!;

    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
      expect(policy, path).toContain(rule);
    expect(policy).not.toMatch(/unsafe|\*|https:|data:/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("strict-transport-security")).toBeNull();
  }
});

test("answers of the API are never kept by a cache", async () => {
  for (const path of ["/api/v1/session", "/api/v1/collectors", "/healthz", "/metrics"])
    expect((await get(path)).headers.get("cache-control"), path).toBe("no-store");
});

test("reports of the policy are counted, whatever they say", async () => {
  const report = () =>
    api.app.request("/csp-report", { method: "POST", body: '{"csp-report":{"script-sample":"canary"}}' });

  expect((await report()).status).toBe(204);
  await report();

  const metrics = await (await api.sendTo("GET", "/metrics", { as: "viewer" })).text();
  expect(metrics).toContain("cistern_csp_reports_total 2");
  expect(metrics + api.logged.join()).not.toContain("canary");
});
