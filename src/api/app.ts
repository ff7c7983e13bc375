import { OpenAPIHono } from "@hono/zod-openapi";
import { CollectorError } from "../model/errors.ts";
import type { Logger } from "../model/log.ts";
import { accountRoutes } from "./accounts.ts";
import { alertRoutes } from "./alerts.ts";
import { checkRoutes } from "./check.ts";
import { collectorActionRoutes } from "./collector-actions.ts";
import { collectorRoutes } from "./collectors.ts";
import { connectorRoutes } from "./connectors.ts";
import { mountConsole } from "./console.ts";
import { coverageRoutes } from "./coverage.ts";
import { deliveryRoutes } from "./deliveries.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { destinationCheckRoutes } from "./destination-check.ts";
import { destinationRoutes } from "./destinations.ts";
import { docRoutes } from "./docs.ts";
import { draftRoutes } from "./drafts.ts";
import { problemOf, Refusal, traceOf } from "./errors.ts";
import { eventRoutes } from "./events.ts";
import { knowCaller, knowIdentity, limitBody } from "./guards.ts";
import { securityHeaders } from "./headers.ts";
import { mountProbes } from "./probes.ts";
import { quarantineRoutes } from "./quarantine.ts";
import { reportRoutes } from "./reports.ts";
import { rewindRoutes } from "./rewinds.ts";
import { type ApiRoute, requirePermission } from "./route.ts";
import { sessionRoutes } from "./session.ts";
import { siteRoutes } from "./sites.ts";
import { systemRoutes } from "./system.ts";
import { tokenAndRecordRoutes } from "./tokens.ts";

/** Where the API stands. */
export const apiBase = "/api/v1";

/** Every route of the API, each with its permission. */
export const apiRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  ...sessionRoutes(deps),
  ...connectorRoutes(deps),
  ...checkRoutes(deps),
  ...collectorRoutes(deps),
  ...collectorActionRoutes(deps),
  ...quarantineRoutes(deps),
  ...coverageRoutes(deps),
  ...reportRoutes(deps),
  ...rewindRoutes(deps),
  ...destinationRoutes(deps),
  ...destinationCheckRoutes(deps),
  ...deliveryRoutes(deps),
  ...draftRoutes(deps),
  ...siteRoutes(deps),
  ...eventRoutes(deps),
  ...systemRoutes(deps),
  ...alertRoutes(deps),
  ...accountRoutes(deps),
  ...tokenAndRecordRoutes(deps),
  ...docRoutes(deps),
];

/** The HTTP side of Cistern as a function of the request: API, console, health and metrics. */
export function createApi(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>();
  const counters = { cspReports: 0 };
  app.onError((error, c) => {
    logFailure(deps.log, error, { method: c.req.method, path: c.req.path });
    return problemOf(error);
  });
  app.notFound(() => problemOf(new Refusal("not_found", "There is nothing at this address")));
  app.use(securityHeaders, knowCaller(deps), limitBody);
  app.use(`${apiBase}/*`, knowIdentity(deps));
  for (const route of apiRoutes(deps)) route.mount(app, apiBase);
  app.get(`${apiBase}/openapi.json`, (c) => {
    requirePermission(c, "signed-in");
    return c.json(openApiDocument(app, deps.version));
  });
  mountProbes(app, deps, counters);
  mountConsole(app, deps, counters);
  return app;
}

const attempts: ReadonlySet<string> = new Set([
  "forbidden",
  "cross_site",
  "token_invalid",
  "unknown_host",
  "https_needed",
]);

/** Failures of ours, and refusals that may be somebody's attempt. The path holds ids, never a query. */
function logFailure(log: Logger, error: Error, where: { readonly method: string; readonly path: string }) {
  if (!(error instanceof CollectorError))
    log.error({ ...where, ...traceOf(error) }, "A request failed in a way the server does not know");
  else if (error.code === "storage")
    log.error({ ...where, reason: error.reason, error: error.message }, "A request failed");
  else if (attempts.has(error.reason ?? "")) log.warn({ ...where, reason: error.reason }, "A request was refused");
}

/** The OpenAPI 3.1 document of the API. */
export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: string) {
  const schemes = {
    token: { type: "http", scheme: "bearer", description: "An API token, made in Settings or by cistern token create" },
    session: { type: "apiKey", in: "cookie", name: "__Host-cistern_session", description: "The console's session" },
  } as const;
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Cistern",
      version,
      description: "Collectors, events and the platform. `x-permission` says what a route needs.",
    },
  });
  return { ...document, components: { ...document.components, securitySchemes: schemes } };
}
