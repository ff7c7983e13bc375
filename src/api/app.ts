import { OpenAPIHono } from "@hono/zod-openapi";
import { checkRoutes } from "./check.ts";
import { collectorRoutes } from "./collectors.ts";
import { connectorRoutes } from "./connectors.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { draftRoutes } from "./drafts.ts";
import { problemOf, Refusal } from "./errors.ts";
import { knowCaller, knowIdentity, limitBody } from "./guards.ts";
import { securityHeaders } from "./headers.ts";
import type { ApiRoute } from "./route.ts";
import { sessionRoutes } from "./session.ts";
import { siteRoutes } from "./sites.ts";

/** Where the API stands. */
export const apiBase = "/api/v1";

/** Every route of the API, each with its permission. */
export const apiRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  ...sessionRoutes(deps),
  ...connectorRoutes(deps),
  ...checkRoutes(deps),
  ...collectorRoutes(deps),
  ...draftRoutes(deps),
  ...siteRoutes(deps),
];

/** The HTTP side of Cistern as a function of the request: API, console, health and metrics. */
export function createApi(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>();
  app.onError((error) => {
    if (!(error instanceof Error) || !("code" in error) || error.name !== "CollectorError")
      deps.log.error({ error: error.name, stack: error.stack }, "A request failed in a way the server does not know");
    return problemOf(error);
  });
  app.notFound(() => problemOf(new Refusal("not_found", "There is nothing at this address")));
  app.use(securityHeaders, knowCaller(deps), limitBody);
  app.use(`${apiBase}/*`, knowIdentity(deps));
  for (const route of apiRoutes(deps)) route.mount(app, apiBase);
  return app;
}
