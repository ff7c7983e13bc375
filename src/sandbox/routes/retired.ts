import { Hono } from "hono";
import { ApiError } from "../errors.ts";
import { LEGACY_READ } from "../event-types.ts";
import type { SandboxState } from "../state.ts";
import { type ApiEnv, admit, requirePrincipal, requireScope } from "./guard.ts";

/** The conversations list, retired on 2026-06-05: it answers 410 since. */
export function retiredRoutes(state: SandboxState): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();

  app.get("/conversations", (context) => {
    context.set("audit", { action: "LIST_WORKSPACE_CONVERSATIONS", data: {} });
    const key = admit(context, state, "conversations");
    requirePrincipal(context, state, key, "workspace");
    requireScope(key, [LEGACY_READ]);
    if (state.quirks.current().retiredConversations === "not-found") throw new ApiError(404, "not_found", "Not found");
    throw new ApiError(
      410,
      "endpoint_retired",
      "This endpoint was removed on 2026-06-05. Use CONVERSATION_MESSAGE log files: /v1/compliance/workspaces/{workspace_id}/logs",
    );
  });

  return app;
}
