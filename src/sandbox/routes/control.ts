import { Hono } from "hono";
import { EVENT_TYPES, STREAMS } from "../event-types.ts";
import { isoTime, microsOf } from "../instants.ts";
import { publishedFiles } from "../oracle.ts";
import { parseQuirks } from "../quirks.ts";
import type { SandboxState } from "../state.ts";
import type { ApiEnv } from "./guard.ts";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** The sandbox's own switches, for whoever runs it on the same machine. No upstream has these. */
export function controlRoutes(state: SandboxState): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();

  app.use(async (context, next) => {
    if (!LOOPBACK.test(context.env.incoming.socket.remoteAddress ?? ""))
      return context.json({ message: "Only from this machine" }, 403);
    // A page in a browser can send a form, but not JSON without asking first.
    const isRead = context.req.method === "GET";
    if (!isRead && !context.req.header("Content-Type")?.startsWith("application/json"))
      return context.json({ message: "Send JSON" }, 415);
    return next();
  });

  app.get("/state", (context) => context.json(stateOf(state)));
  app.get("/quirks", (context) => context.json(state.quirks.current()));
  app.patch("/quirks", async (context) => {
    try {
      state.setQuirks(parseQuirks(await context.req.json()));
    } catch (error) {
      return context.json({ message: error instanceof Error ? error.message : String(error) }, 400);
    }
    return context.json(state.quirks.current());
  });
  app.post("/advance", async (context) => {
    const { ms } = (await context.req.json()) as { ms?: unknown };
    if (typeof ms !== "number" || !(ms >= 0))
      return context.json({ message: "'ms' must be a number of at least 0" }, 400);
    state.advance(ms);
    return context.json(stateOf(state));
  });
  app.patch("/rate-limits", async (context) => {
    const given = (await context.req.json()) as Record<string, unknown>;
    const wrong = Object.entries(given).find(
      ([name, value]) => !(name in state.limiter.limits()) || typeof value !== "number" || value < 0,
    );
    if (wrong)
      return context.json(
        { message: `'${wrong[0]}' must be list, download or other, with a number of at least 0` },
        400,
      );
    state.limiter.change(given);
    return context.json(state.limiter.limits());
  });
  app.post("/keys/:name/:change", async (context) => {
    const { name, change } = context.req.param();
    const key = state.keys.named(name);
    if (!key) return context.json({ message: `No key is named '${name}'` }, 404);
    const { scopes } = (await context.req.json()) as { scopes?: unknown };
    if (change === "revoke" || change === "restore") key.revoked = change === "revoke";
    else if (change === "grant" && Array.isArray(scopes)) key.scopes = scopes.map(String);
    else return context.json({ message: "The change must be revoke, restore, or grant with a list of scopes" }, 400);
    return context.json({ name: key.name, scopes: key.scopes, revoked: key.revoked });
  });
  app.get("/published", (context) => {
    const { event_type: type, from, to } = context.req.query();
    return new Response(publishedLines(state, type, from, to), { headers: { "Content-Type": "application/x-ndjson" } });
  });
  return app;
}

function stateOf(state: SandboxState) {
  return {
    now: isoTime(state.now() * 1000, 3),
    published_until: isoTime(state.horizonMs() * 1000, 3),
    workspace_id: state.ids.workspaceId,
    organization_id: state.ids.organizationId,
    event_types: EVENT_TYPES,
    keys: state.keys.list().map(({ name, key, scopes, revoked }) => ({ name, key, scopes, revoked })),
    rate_limits: state.limiter.limits(),
    quirks: state.quirks.current(),
    requests: state.counters.requests,
    leaked_authorizations: state.counters.leakedAuthorizations,
  };
}

function publishedLines(
  state: SandboxState,
  type: string | undefined,
  from: string | undefined,
  to: string | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const query = {
    ...(type === undefined ? {} : { type }),
    ...(from === undefined ? {} : { fromUs: microsOf(from) ?? 0 }),
    ...(to === undefined ? {} : { toUs: microsOf(to) ?? 0 }),
  };
  const files = publishedFiles(state.archive, STREAMS, query)[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { value: file, done } = files.next();
      if (done) return controller.close();
      const events = file
        .events()
        .map(({ eventId, time, line }) => ({ event_id: eventId ?? null, time: time ?? null, line }));
      const { id, scope, endTime, size, sha256 } = file;
      controller.enqueue(
        encoder.encode(`${JSON.stringify({ id, scope, type: file.type, end_time: endTime, size, sha256, events })}\n`),
      );
    },
  });
}
