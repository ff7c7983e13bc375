// One route: its permission, its schemas, its handler. The OpenAPI document and the checks of a request come from the same words.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { z } from "zod";
import { type Identity, type Permission, permissionsOf } from "../model/access.ts";
import type { ApiEnv } from "./deps.ts";
import { invalidInput, Problem, Refusal } from "./errors.ts";

/** `public`: without credentials. `signed-in`: any account or token. */
export type RoutePermission = Permission | "public" | "signed-in";

export interface RouteSpec<Params, Query, Body, Answer> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below /api/v1, with `{name}` for a part. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly permission: RoutePermission;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly answer?: z.ZodType<Answer>;
  /** 200 with an answer and 204 without, unless it says 201. */
  readonly status?: 201;
  /** The media type of an answer that is not JSON. */
  readonly media?: string;
}

export interface Call<Params, Query, Body> {
  readonly c: Context<ApiEnv>;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

/** A call with who makes it, where the route is not public. */
export const identityOf = (c: Context<ApiEnv>): Identity => {
  const identity = c.get("identity");
  if (identity === undefined) throw new Refusal("not_signed_in", "This needs an account or an API token");
  return identity;
};

export interface ApiRoute {
  readonly method: RouteSpec<unknown, unknown, unknown, unknown>["method"];
  readonly path: string;
  readonly permission: RoutePermission;
  /** Puts the route and its description into the app. */
  mount(app: OpenAPIHono<ApiEnv>, base: string): void;
}

/** Pairs a description with its handler. What the handler returns is sent as JSON, or as it is where it is a Response. */
export function route<Params = unknown, Query = unknown, Body = unknown, Answer = void>(
  spec: RouteSpec<Params, Query, Body, Answer>,
  handle: (call: Call<Params, Query, Body>) => Answer | Response | Promise<Answer | Response>,
): ApiRoute {
  return {
    method: spec.method,
    path: spec.path,
    permission: spec.permission,
    mount(app, base) {
      app.openAPIRegistry.registerPath(describe(spec, base));
      app.on(spec.method.toUpperCase(), base + honoPath(spec.path), async (c) => {
        requirePermission(c, spec.permission);
        const answer = await handle({
          c,
          params: read(spec.params, c.req.param()),
          query: read(spec.query, queryOf(c)),
          body: await readBody(c, spec.body),
        });
        if (answer instanceof Response) return answer;
        return answer === undefined ? c.body(null, 204) : c.json(answer as object, spec.status ?? 200);
      });
    },
  };
}

/** Refused unless the caller's roles grant it: `not_signed_in` or `forbidden`. */
export function requirePermission(c: Context<ApiEnv>, permission: RoutePermission) {
  if (permission === "public") return;
  const identity = identityOf(c);
  if (permission === "signed-in" || permissionsOf(identity.roles).has(permission)) return;
  throw new Refusal("forbidden", `${identity.name} has no permission for this (${permission})`, {
    action: "Ask an administrator for a role that has it.",
  });
}

// A part named `path` may hold slashes.
const honoPath = (path: string) => path.replaceAll("{path}", ":path{.+}").replace(/\{(\w+)\}(?!\+)/g, named);
const named = (match: string, name: string) => (match === "{.+}" ? match : `:${name}`);

function read<T>(schema: z.ZodType<T> | undefined, value: unknown): T {
  if (schema === undefined) return undefined as T;
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}

async function readBody<T>(c: Context<ApiEnv>, schema: z.ZodType<T> | undefined): Promise<T> {
  if (schema === undefined) return undefined as T;
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? ""))
    throw new Refusal("body_not_json", "The body must be sent as application/json");
  const text = await c.req.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new Refusal("body_not_json", "The body is not well-formed JSON");
    throw cause;
  }
  return read(schema, value);
}

/** A name that is given several times is a list. */
function queryOf(c: Context<ApiEnv>): Record<string, string | string[]> {
  const all = Object.entries(c.req.queries());
  return Object.fromEntries(all.map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}

type Description = Parameters<OpenAPIHono["openAPIRegistry"]["registerPath"]>[0];

function describe(spec: RouteSpec<unknown, unknown, unknown, unknown>, base: string): Description {
  const request: Record<string, unknown> = {};
  if (spec.params) request.params = spec.params;
  if (spec.query) request.query = spec.query;
  if (spec.body) request.body = { required: true, content: { "application/json": { schema: spec.body } } };
  const good = spec.answer
    ? { description: "Done", content: { [spec.media ?? "application/json"]: { schema: spec.answer } } }
    : spec.media
      ? { description: "Done", content: { [spec.media]: { schema: { type: "string" as const } } } }
      : { description: "Done" };
  return {
    method: spec.method,
    path: base + spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    "x-permission": spec.permission,
    security: spec.permission === "public" ? [] : [{ token: [] }, { session: [] }],
    request,
    responses: {
      [spec.status ?? (spec.answer || spec.media ? 200 : 204)]: good,
      default: {
        description: "Refused or failed",
        content: { "application/problem+json": { schema: Problem } },
      },
    },
  } as Description;
}
