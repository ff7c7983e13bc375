import { Hono } from "hono";
import { ApiError, errorReply } from "../errors.ts";
import { countRequest, type SandboxState } from "../state.ts";
import { controlRoutes } from "./control.ts";
import type { ApiContext, ApiEnv } from "./guard.ts";
import { logRoutes } from "./logs.ts";
import { retiredRoutes } from "./retired.ts";
import { userRoutes } from "./users.ts";

/** The API host: upstream's routes under `/v1`, our own under `/_sandbox`. */
export function apiApp(state: SandboxState, storageUrl: () => string): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();

  app.use("/v1/*", async (context, next) => {
    const { resetConnections, htmlPages } = state.quirks.current();
    if (state.strikes("resetConnections", resetConnections, "api")) {
      countRequest(state.counters, "api", "reset");
      context.env.incoming.socket.resetAndDestroy();
      return context.body(null);
    }
    const asHtml = state.strikes("htmlPages", htmlPages, "api");
    await next();
    if (asHtml) context.res = new Response(PROXY_PAGE, { headers: { "Content-Type": "text/html; charset=utf-8" } });
    context.header("Date", new Date(state.now() + state.quirks.current().dateHeaderSkewMs).toUTCString());
    const route = context.get("route") ?? "other";
    countRequest(state.counters, route, asHtml ? "html" : context.res.status);
    record(context, state);
  });

  app.use("/v1/*", async (_context, next) => {
    if (state.strikes("serverErrors", state.quirks.current().serverErrors, "api")) {
      throw new ApiError(500, "server_error", "The server had an error while processing your request");
    }
    await next();
  });

  app.route("/v1/compliance/workspaces/:principal", logRoutes(state, "workspace", storageUrl));
  app.route("/v1/compliance/organizations/:principal", logRoutes(state, "organization", storageUrl));
  app.route("/v1/compliance/workspaces/:principal", userRoutes(state));
  app.route("/v1/compliance/workspaces/:principal", retiredRoutes(state));
  app.route("/_sandbox", controlRoutes(state));

  const shape = () => state.quirks.current().errorShape;
  app.notFound((context) =>
    errorReply(new ApiError(404, "not_found", `Invalid URL (${context.req.method} ${context.req.path})`), shape()),
  );
  app.onError((error) => {
    if (error instanceof ApiError) return errorReply(error, shape());
    throw error;
  });
  return app;
}

const PROXY_PAGE =
  "<!doctype html><html><head><title>Sign in to the network</title></head><body><h1>Please sign in to continue</h1></body></html>";

function record(context: ApiContext, state: SandboxState): void {
  const key = context.get("key");
  const audit = context.get("audit");
  if (!key || !audit || !state.quirks.current().auditOwnRequests || key.workspaceId !== state.ids.workspaceId) return;
  const { status } = context.res;
  state.ownRequests.record({
    key,
    action: audit.action,
    result: status < 400 ? "SUCCESS" : status === 403 || status === 429 ? "BLOCKED" : "ERROR",
    data: audit.data,
    clientIp: context.env.incoming.socket.remoteAddress ?? "127.0.0.1",
    userAgent: context.req.header("User-Agent") ?? "",
    atMs: state.now(),
  });
}
