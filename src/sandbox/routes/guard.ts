import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { ApiError } from "../errors.ts";
import type { LogScope } from "../event-types.ts";
import type { EventObject } from "../generator/family.ts";
import type { KeyRecord } from "../keys.ts";
import type { LimitedRoute } from "../rate-limit.ts";
import type { SandboxState } from "../state.ts";

/** What a request of the API carries along. */
export interface ApiEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** The key, once it is known to be good. */
    key: KeyRecord;
    /** The route, for limits and counters. */
    route: LimitedRoute;
    /** How the audit log names this request, and what of it. */
    audit: { readonly action: string; readonly data: EventObject };
  };
}

export type ApiContext = Context<ApiEnv>;

/** Knows the caller: 401 without a good key. Then the limits: 429. */
export function admit(context: ApiContext, state: SandboxState, route: LimitedRoute): KeyRecord {
  context.set("route", route);
  const key = authenticated(context, state);
  context.set("key", key);
  const { throttled, throttledRetryAfterSeconds } = state.quirks.current();
  if (state.strikes("throttled", throttled, route)) throw tooMany(state, throttledRetryAfterSeconds);
  const waitSeconds = state.limiter.take(key.key, route);
  if (waitSeconds !== undefined) throw tooMany(state, waitSeconds);
  return key;
}

function authenticated(context: ApiContext, state: SandboxState): KeyRecord {
  const header = context.req.header("Authorization");
  if (header === undefined) throw new ApiError(401, "missing_api_key", "Missing bearer authentication in header");
  const secret = /^Bearer (\S+)$/i.exec(header)?.[1];
  const key = secret === undefined ? undefined : state.keys.find(secret);
  if (!key) throw new ApiError(401, "invalid_api_key", "Incorrect API key provided");
  if (key.revoked) throw new ApiError(401, "revoked_api_key", "This API key has been revoked");
  if (key.kind === "api-platform") {
    throw new ApiError(
      401,
      "invalid_api_key_kind",
      "This is an API Platform admin key; the Compliance API needs a workspace key",
    );
  }
  return key;
}

function tooMany(state: SandboxState, seconds: number): ApiError {
  const headers = state.quirks.current().retryAfter === "seconds" ? { "Retry-After": String(seconds) } : undefined;
  return new ApiError(
    429,
    "rate_limit_exceeded",
    "Rate limit reached for this endpoint and key",
    headers ? { headers } : {},
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The principal in the path: 400 for the other kind of id, 404 for an unknown one, 403 for another customer's. */
export function requirePrincipal(context: ApiContext, state: SandboxState, key: KeyRecord, scope: LogScope): void {
  const given = context.req.param("principal") ?? "";
  if (scope === "workspace" && given.startsWith("org-")) {
    throw new ApiError(400, "invalid_workspace_id", `'${given}' is an organization id; this path takes a workspace id`);
  }
  if (scope === "organization" && UUID.test(given)) {
    throw new ApiError(
      400,
      "invalid_organization_id",
      `'${given}' is a workspace id; this path takes an organization id (org-…)`,
    );
  }
  const { ids } = state;
  const known =
    scope === "workspace" ? [ids.workspaceId, ids.otherWorkspaceId] : [ids.organizationId, ids.otherOrganizationId];
  if (!known.includes(given))
    throw new ApiError(
      404,
      `${scope}_not_found`,
      scope === "workspace" ? "Workspace not found" : "Organization not found",
    );
  const own = scope === "workspace" ? key.workspaceId : key.organizationId;
  if (given !== own) throw new ApiError(403, `wrong_${scope}`, `This API key does not have access to this ${scope}`);
}

/** 403 unless the key holds one of these scopes. */
export function requireScope(key: KeyRecord, scopes: readonly string[]): void {
  if (scopes.some((scope) => key.scopes.includes(scope))) return;
  throw new ApiError(403, "missing_scope", `Missing required scope: ${scopes[0]}`);
}
