import { Hono } from "hono";
import { ApiError, unprocessable } from "../errors.ts";
import { type LogScope, STREAMS, scopesOf, typeScope, UNKNOWN_EVENT_TYPE } from "../event-types.ts";
import { fileTime, microsOf } from "../instants.ts";
import { type KeyRecord, mayReadType } from "../keys.ts";
import { looksLikeFileId } from "../publishing/file-id.ts";
import type { LogFile } from "../publishing/stream-files.ts";
import { shareOf } from "../random.ts";
import type { SandboxState } from "../state.ts";
import { type ApiContext, type ApiEnv, admit, requirePrincipal } from "./guard.ts";

/** List, download and `max_event_time` of one scope. */
export function logRoutes(state: SandboxState, scope: LogScope, storageUrl: () => string): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const name = scope.toUpperCase();

  app.get("/logs", (context) => {
    const { limit, after, before, event_type } = context.req.query();
    context.set("audit", {
      action: `LIST_${name}_LOG_FILES`,
      data: { limit: limit ?? "100", after: after ?? null, before: before ?? null, event_type: event_type ?? null },
    });
    const key = admit(context, state, "list");
    requirePrincipal(context, state, key, scope);
    const types = requireTypes(context, state, key, scope);
    return context.json(pageOf(context, state, scope, types));
  });

  app.get("/logs/:file", (context) => {
    const id = context.req.param("file");
    context.set("audit", { action: `DOWNLOAD_${name}_LOG_FILE`, data: { log_file_id: id } });
    const key = admit(context, state, "download");
    requirePrincipal(context, state, key, scope);
    const file = requireFile(state, key, scope, id);
    context.set("audit", { action: `DOWNLOAD_${name}_LOG_FILE`, data: { log_file_id: id, event_type: file.type } });
    const expired = state.strikes("signedUrlExpired", state.quirks.current().signedUrlExpired, id);
    const expiresAtMs = state.now() + (expired ? -1000 : state.settings.signedUrlLifeMs);
    return context.redirect(`${storageUrl()}${state.signer.pathOf(id, expiresAtMs)}`, 307);
  });

  app.get("/max_event_time", (context) => {
    context.set("audit", {
      action: `GET_${name}_MAX_EVENT_TIME`,
      data: { event_type: context.req.query("event_type") ?? null },
    });
    const key = admit(context, state, "max-event-time");
    requirePrincipal(context, state, key, scope);
    const types = requireTypes(context, state, key, scope);
    const times = types.map((type) => {
      const us = state.archive.newestUs(streamOf(scope, type));
      return [type, us === undefined ? null : fileTime(us)];
    });
    return context.json({ max_event_time: Object.fromEntries(times) });
  });

  return app;
}

function streamOf(scope: LogScope, type: string): number {
  return STREAMS.findIndex((stream) => stream.scope === scope && stream.type === type);
}

/** The types asked for. Known? In this scope? Allowed to this key? Each asked in that order, before any other parameter. */
function requireTypes(context: ApiContext, state: SandboxState, key: KeyRecord, scope: LogScope): string[] {
  const given = (context.req.queries("event_type") ?? [])
    .flatMap((value) => value.split(","))
    .filter((value) => value !== "");
  if (given.length === 0) throw unprocessable("event_type", "Field required", "missing");
  const types = [...new Set(given)];
  for (const type of types) requireKnownType(state, scope, type);
  for (const type of types) requireReadable(state, key, type);
  return types;
}

function requireKnownType(state: SandboxState, scope: LogScope, type: string): void {
  const scopes = type === UNKNOWN_EVENT_TYPE && !state.quirks.current().unknownEventType ? [] : scopesOf(type);
  if (scopes.includes(scope)) return;
  const [other] = scopes;
  if (other === undefined) throw new ApiError(400, "invalid_event_type", `Invalid event_type: '${type}'`);
  const path = other === "workspace" ? "workspaces/{workspace_id}" : "organizations/{organization_id}";
  const kind = other === "workspace" ? "a workspace-scoped" : "an organization-scoped";
  throw new ApiError(
    400,
    "invalid_event_type_scope",
    `${type} is ${kind} event type. Use /v1/compliance/${path}/logs instead.`,
  );
}

function requireReadable(state: SandboxState, key: KeyRecord, type: string): void {
  if (mayReadType(key, type) && !state.quirks.current().forbiddenTypes.includes(type)) return;
  throw new ApiError(403, "missing_scope", `Missing required scope: ${typeScope(type)}`);
}

function requireFile(state: SandboxState, key: KeyRecord, scope: LogScope, id: string): LogFile {
  if (!looksLikeFileId(id)) throw new ApiError(400, "invalid_log_file_id", `Invalid log_file_id: '${id}'`);
  const file = state.archive.find(id);
  const agedOut = shareOf(state.settings.seed, "aged out", id) < state.quirks.current().agedOutBetween;
  if (!file || STREAMS[file.stream]?.scope !== scope || agedOut)
    throw new ApiError(404, "log_file_not_found", "Log file not found");
  requireReadable(state, key, file.type);
  return file;
}

function pageOf(context: ApiContext, state: SandboxState, scope: LogScope, types: readonly string[]) {
  const quirks = state.quirks.current();
  const after = instant(context, "after");
  if (after === undefined) throw unprocessable("after", "Field required", "missing");
  const limit = pageSize(context.req.query("limit"), quirks.strictLimit);
  const files = state.archive.list({
    streams: types.map((type) => streamOf(scope, type)),
    afterUs: after,
    boundaryToo: quirks.boundaryFileReturns,
    beforeUs: instant(context, "before"),
    atMost: limit + 1,
  });
  const page = files.slice(0, limit);
  const last = page.at(-1);
  const sent = context.req.query("after") ?? null;
  const emptyEnd = quirks.emptyPageLastEndTimeNull ? null : sent;
  const data = page.map((file) => listed(state, file));
  if (quirks.stuckPaging !== "off")
    return { data, has_more: true, last_end_time: quirks.stuckPaging === "null" ? null : sent };
  return { data, has_more: files.length > limit, last_end_time: last ? fileTime(last.endUs) : emptyEnd };
}

function listed(state: SandboxState, file: LogFile) {
  const endTime = fileTime(file.endUs);
  return {
    id: file.id,
    event_type: file.type,
    end_time: endTime,
    file_name: `${file.type}_${endTime.replace("Z", "+00:00")}.jsonl`,
    file_size: state.archive.digest(file).size,
    file_sha256: state.archive.listedSha256(file),
  };
}

function instant(context: ApiContext, name: string): number | undefined {
  // A plus sign that was not escaped arrives as a space.
  const text = context.req.query(name)?.replace(/ (?=\d{2}:?\d{2}$)/, "+");
  if (text === undefined) return undefined;
  const us = microsOf(text);
  if (us === undefined)
    throw new ApiError(400, "invalid_timestamp", `Invalid ${name}: '${text}' is not an ISO 8601 timestamp`);
  return us;
}

function pageSize(text: string | undefined, strict: boolean): number {
  if (text === undefined) return 100;
  const limit = /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (limit === undefined)
    throw unprocessable(
      "limit",
      "Input should be a valid integer, unable to parse string as an integer",
      "int_parsing",
    );
  if (limit < 1) throw unprocessable("limit", "Input should be greater than or equal to 1", "greater_than_equal");
  if (limit > 100 && strict)
    throw unprocessable("limit", "Input should be less than or equal to 100", "less_than_equal");
  return Math.min(limit, 100);
}
