// Puts the alerts together: what they look at, where they are kept, how they are sent.
import { createAlertLoop, type Heartbeat, type Observation } from "./alerts/alert-loop.ts";
import { createAlertSender } from "./alerts/sender.ts";
import { allFacts } from "./api/probes.ts";
import { connectors } from "./connectors/index.ts";
import type { OpenControl } from "./control/open-control.ts";
import type { ProxySettings } from "./http/proxy.ts";
import type { AlertSender } from "./model/alerts.ts";
import type { DeliveryReader } from "./model/delivery.ts";
import type { AlertDestination } from "./model/delivery-alerts.ts";
import type { DeliveryControl } from "./model/delivery-plan.ts";
import type { EngineControl } from "./model/engine.ts";
import type { Logger } from "./model/log.ts";
import { isStuck } from "./model/progress.ts";
import type { StoreReader } from "./model/store.ts";
import { systemNow, systemRandomBytes, systemSleep } from "./runtime/clock.ts";
import type { Lifetime } from "./runtime/lifetime.ts";
import { version } from "./version.ts";

export interface AlertsOptions {
  readonly opened: OpenControl;
  readonly reader: StoreReader;
  readonly engine: EngineControl;
  readonly deliveries: Pick<DeliveryControl, "activity">;
  readonly deliveryReader: Pick<DeliveryReader, "deliveryStates">;
  readonly startedAt: Date;
  readonly proxy: ProxySettings | undefined;
  /** Where links lead; asked for at each message, for the server may start after us. */
  readonly console: () => string | undefined;
  readonly lifetime: Lifetime;
  readonly log: Logger;
}

/** Runs until the lifetime ends. A bug of ours ends the process: nobody would hear of anything any more. */
export function startAlerts(options: AlertsOptions): { readonly alertSender: AlertSender; heartbeat(): Heartbeat } {
  const { opened, reader, engine, startedAt, proxy, console, lifetime, log } = options;
  const { control, alerts } = opened;
  const alertSender = createAlertSender({ now: systemNow, version, proxy, console });
  const stop = new AbortController();
  const loop = createAlertLoop({
    store: alerts,
    sender: alertSender,
    observe: async () => ({
      ...(await observed({ reader, engine, control, connectors, startedAt, now: systemNow })),
      destinations: await observedDestinations(options),
    }),
    startedAt,
    now: systemNow,
    sleep: systemSleep,
    randomBytes: systemRandomBytes,
    log,
  });
  const running = loop.run(stop.signal).catch((error: Error) => {
    log.error(
      { error: error.message, stack: error.stack },
      "the alerts ended on their own; the process ends with them",
    );
    lifetime.breakOff(error);
  });
  lifetime.opened(async () => {
    stop.abort();
    await running;
  });
  return { alertSender, heartbeat: () => loop.heartbeat() };
}

/** Paused ones are nobody's problem: they are in no phase that is alarmed of. */
async function observedDestinations({
  opened,
  deliveries,
  deliveryReader,
}: Pick<AlertsOptions, "opened" | "deliveries" | "deliveryReader">): Promise<readonly AlertDestination[]> {
  const installed = opened.destinations.destinations();
  if (installed.length === 0) return [];
  const [activity, states] = await Promise.all([deliveries.activity(), deliveryReader.deliveryStates()]);
  return installed.map(({ id, name }) => {
    const live = states.filter(({ destinationId, replay }) => destinationId === id && replay === undefined);
    return {
      id,
      name,
      activity: activity.find(({ destinationId }) => destinationId === id),
      pending: live.reduce((sum, { behind, inBatches }) => sum + behind + inBatches, 0),
      oldestAt: live.flatMap(({ oldestAt }) => oldestAt ?? []).sort()[0],
    };
  });
}

async function observed(deps: Parameters<typeof allFacts>[0]): Promise<Omit<Observation, "destinations">> {
  const names = new Map(deps.control.collectors().map(({ id, name }) => [id, name]));
  const facts = await allFacts(deps);
  const sources = facts.map(({ name, state, report }) => ({
    collectorId: state.key.collectorId,
    collector: names.get(state.key.collectorId) ?? state.key.collectorId,
    dataSource: name,
    report,
  }));
  return { sources, progress: facts.every(({ report }) => !isStuck(report)) };
}
