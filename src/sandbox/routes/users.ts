import { Hono } from "hono";
import { unprocessable } from "../errors.ts";
import { LEGACY_READ } from "../event-types.ts";
import type { Person } from "../generator/company.ts";
import type { SandboxState } from "../state.ts";
import { type ApiEnv, admit, requirePrincipal, requireScope } from "./guard.ts";

/** The list of users, inactive ones included, by ascending id. */
export function userRoutes(state: SandboxState): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const people = state.company.people.toSorted((a, b) => (a.userId < b.userId ? -1 : 1));

  app.get("/users", (context) => {
    const { after, limit: wanted } = context.req.query();
    context.set("audit", { action: "LIST_WORKSPACE_USERS", data: { after: after ?? null, limit: wanted ?? "200" } });
    const key = admit(context, state, "users");
    requirePrincipal(context, state, key, "workspace");
    requireScope(key, [LEGACY_READ]);
    const limit = Number(wanted ?? 200);
    if (!Number.isInteger(limit) || limit < 1)
      throw unprocessable("limit", "Input should be a valid positive integer", "int_parsing");
    const rest = after === undefined ? people : people.filter((person) => person.userId > after);
    const page = rest.slice(0, Math.min(limit, 200));
    return context.json({
      object: "list",
      data: page.map(userOf),
      has_more: rest.length > page.length,
      last_id: page.at(-1)?.userId ?? null,
    });
  });

  return app;
}

function userOf(person: Person) {
  return {
    object: "compliance.workspace.user",
    id: person.userId,
    email: person.email,
    name: person.name,
    created_at: person.joinedAtMs / 1000,
    role: person.role,
    status: person.status,
  };
}
