import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { type Permission, permissionsOf, roles } from "../model/access.ts";
import { errorCodes } from "../model/errors.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { apiRoutes, createApi, openApiDocument } from "./app.ts";
import type { ApiDeps } from "./deps.ts";
import { apiCodes } from "./errors.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const deps = () => api.deps as unknown as ApiDeps;
const concrete = (path: string) => path.replaceAll(/\{\w+\}/g, "1");

test("every address under the API has a permission and stands in the OpenAPI document", async () => {
  const document = openApiDocument(createApi(deps()), "1");
  const described = Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { "x-permission"?: string }>).map(
      ([method, operation]) => [`${method} ${path}`, operation["x-permission"]] as const,
    ),
  );
  const mounted = createApi(deps()).routes.filter(
    ({ path, method }) => path.startsWith("/api/v1/") && method !== "ALL",
  );
  const names = described.map(([name]) => name.replaceAll(/\{\w+\}/g, "*"));

  for (const { path, method } of mounted) {
    if (path === "/api/v1/openapi.json") continue;
    const name = `${method.toLowerCase()} ${path.replaceAll(/:\w+(\{\.\+\})?/g, "*")}`;
    expect(names, `${name} is not described`).toContain(name);
  }
  for (const [name, permission] of described) expect(permission, `${name} has no permission`).toBeTruthy();
  expect(described.length).toBe(apiRoutes(deps()).length);
});

test("only signing in and out, the first account and following an invitation are open to everybody", () => {
  const open = apiRoutes(deps()).filter(({ permission }) => permission === "public");

  expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    "delete /session",
    "get /session",
    "post /invitation",
    "post /session",
    "post /setup",
  ]);
});

describe("nobody without the permission of a route comes in", () => {
  // Built once from the route table; the API itself is asked below.
  const table = () => apiRoutes(deps()).filter(({ permission }) => permission !== "public");

  test("without credentials every route answers 401", async () => {
    for (const { method, path } of table()) {
      const answer = await api.send(method.toUpperCase(), concrete(path), {
        body: undefined,
        headers: { "x-cistern": "1" },
      });
      expect(answer.status, `${method} ${path}`).toBe(401);
      expect(((await answer.json()) as { code: string }).code).toBe("not_signed_in");
    }
  });

  for (const role of roles)
    test(`${role} is let into exactly the routes of its permissions`, async () => {
      const held = permissionsOf([role]);
      for (const { method, path, permission } of table()) {
        const body = method === "get" || method === "delete" ? undefined : {};
        const answer = await api.send(method.toUpperCase(), concrete(path), { as: role, body });
        const isIn = permission === "signed-in" || held.has(permission as Permission);
        const name = `${role}: ${method} ${path} (${permission}) answered ${answer.status}`;
        if (isIn) expect([401, 403, 500], name).not.toContain(answer.status);
        else expect(answer.status, name).toBe(403);
      }
    });
});

test("content is for those who may read events, and administrators are not among them", () => {
  const readers = roles.filter((role) => permissionsOf([role]).has("events.read"));

  expect(readers).toEqual(["analyst"]);
});

test("docs/errors.md has a section for every code and reason in the source", () => {
  const root = join(import.meta.dirname, "..");
  const sections = new Set(
    [...readFileSync(join(root, "../docs/errors.md"), "utf8").matchAll(/^### `(\w+)`$/gm)].map(([, code]) => code!),
  );
  const wanted = new Map<string, string>(
    [...Object.keys(apiCodes), ...errorCodes].map((code) => [code, "the list of codes"]),
  );
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts") || /^(testing|sandbox)\b/.test(file)) continue;
    const text = readFileSync(join(root, file), "utf8");
    for (const [, reason] of text.matchAll(/\breason: "([a-z]+(?:_[a-z0-9]+)*)"/g)) wanted.set(reason!, file);
    if (file.endsWith("problems.ts"))
      for (const [, reason] of text.matchAll(/^ {2}([a-z_]+): \{\n {4}code: "/gm)) wanted.set(reason!, file);
    for (const [, reason] of text.matchAll(/\brefusal\(\s*"([a-z_]+)"/g)) wanted.set(reason!, file);
  }

  const missing = [...wanted].filter(([code]) => !sections.has(code)).map(([code, file]) => `${code} of ${file}`);
  expect(missing, "docs/errors.md has no section for these").toEqual([]);
});
