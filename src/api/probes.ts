// Addresses for machines: is the process up, is the store usable, does collection go on, and the metrics.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { HealthReport } from "../model/health.ts";
import { isStuck } from "../model/progress.ts";
import { factsIn } from "./collector-status.ts";
import type { SourceFacts } from "./data-source-status.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { knowIdentity } from "./guards.ts";
import { metricsOf } from "./metrics.ts";
import { type Observers, observe } from "./observe.ts";
import { plansOf } from "./plans.ts";
import { requirePermission } from "./route.ts";

/** The counters of the answers themselves, since the start. */
export interface ApiCounters {
  /** Reports of browsers that the content security policy stopped something. */
  cspReports: number;
}

/** Without credentials these name no collector: only states and how many. */
export function mountProbes(app: OpenAPIHono<ApiEnv>, deps: ApiDeps, counters: ApiCounters) {
  app.get("/healthz", (c) => c.json({ ok: true }));
  app.get("/readyz", async (c) => {
    const fault = await unusable(deps);
    return fault === undefined ? c.json({ ok: true }) : c.json({ ok: false, reason: fault }, 503);
  });
  app.get("/progressz", async (c) => {
    const stuck = (await allFacts(deps)).map(({ report }) => report).filter(isStuck);
    return stuck.length === 0 ? c.json({ ok: true }) : c.json({ ok: false, stuck: byHealth(stuck) }, 503);
  });
  app.get("/metrics", knowIdentity(deps), async (c) => {
    requirePermission(c, "metrics.read");
    const text = await metricsOf(deps, await allFacts(deps), counters);
    return c.text(text, 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  });
}

/** Every data source of every collector with its state. */
export async function allFacts(
  deps: Observers & Pick<ApiDeps, "control" | "connectors">,
): Promise<readonly SourceFacts[]> {
  const observed = await observe(deps);
  return plansOf(deps).flatMap((plan) => factsIn(deps, plan, observed));
}

async function unusable({ reader, control, log }: ApiDeps): Promise<string | undefined> {
  try {
    await reader.dataSources();
    control.setting("ready");
    return undefined;
  } catch (error) {
    log.error({ error: (error as Error).message }, "The store cannot be read");
    return "The store cannot be read";
  }
}

/** Which states stand still, for whom, and how many there are; no name. */
function byHealth(reports: readonly HealthReport[]) {
  const counts = new Map<string, number>();
  for (const { health, cause } of reports) {
    const reason = `${health}: ${cause}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, dataSources]) => ({ reason, dataSources }));
}
