// Looks at the states again and again, decides what is to be told, and sends it until it has arrived.
import type { Sleep } from "../http/seams.ts";
import { type AlertSource, type Decision, decide, nextAttemptMs, problemsOf } from "../model/alert-decisions.ts";
import type {
  AlertChannel,
  AlertProblem,
  AlertSender,
  AlertStore,
  Delivery,
  DeliveryResult,
  Severity,
} from "../model/alerts.ts";
import { type AlertDestination, deliveryProblemsOf } from "../model/delivery-alerts.ts";
import { CollectorError } from "../model/errors.ts";
import { newId } from "../model/ids.ts";
import type { Logger } from "../model/log.ts";

const ROUND_MS = 15_000;
const SEND_EVERY_MS = 2_000;
const AT_ONCE = 20;

/** What is looked at: every data source and destination, and whether each data source that is not paused makes progress. */
export interface Observation {
  readonly sources: readonly AlertSource[];
  readonly destinations: readonly AlertDestination[];
  readonly progress: boolean;
}

export interface AlertLoopOptions {
  readonly store: AlertStore;
  readonly sender: AlertSender;
  readonly observe: () => Promise<Observation>;
  /** When this process began. */
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly sleep: Sleep;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Logger;
}

export interface Heartbeat {
  /** When it was last taken by the other side. */
  readonly beatAt: string | undefined;
  /** Why the last one was not. */
  readonly error: string | undefined;
}

export interface AlertLoop {
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** One look, and what it decides; `run` does this four times a minute. */
  look(): Promise<void>;
  /** Sends what is due. */
  sendDue(signal: AbortSignal): Promise<void>;
  /** Calls the heartbeat's address, if one is set, it is time, and everything makes progress. */
  beat(signal: AbortSignal): Promise<void>;
  heartbeat(): Heartbeat;
}

export function createAlertLoop(options: AlertLoopOptions): AlertLoop {
  const { store, sender, sleep, now, log } = options;
  let progress = false;
  let triedMs = Number.NEGATIVE_INFINITY;
  let heartbeat: Heartbeat = { beatAt: undefined, error: undefined };

  const look = async () => {
    const known = store.known();
    const seen = await observation(
      options,
      known.map(({ problem }) => problem),
    );
    progress = seen.progress;
    const channels = store.channels();
    const heard = (severity: Severity) => channels.some((channel) => wants(channel, severity));
    keep(options, channels, decide(seen.problems, known, store.settings(), { now: now(), heard }));
  };
  const sendDue = async (signal: AbortSignal) => {
    const due = store.waiting(now().toISOString(), AT_ONCE);
    await Promise.all(due.map((delivery) => sendOne(options, delivery, signal)));
  };
  const beat = async (signal: AbortSignal) => {
    const { heartbeatMs, allowNetworks } = store.settings();
    if (!progress || now().getTime() - triedMs < heartbeatMs || store.heartbeat() === undefined) return;
    triedMs = now().getTime();
    try {
      const url = store.heartbeatUrl();
      if (url !== undefined) await sender.beat(url, allowNetworks, signal);
      heartbeat = { beatAt: now().toISOString(), error: undefined };
    } catch (error) {
      if (signal.aborted) return;
      heartbeat = { ...heartbeat, error: toldOf(error) };
      log.warn({ error: heartbeat.error }, "the heartbeat was not taken");
    }
  };
  const every = async (ms: number, work: () => Promise<void>, signal: AbortSignal) => {
    while (!signal.aborted) {
      await survivable(work, log);
      await sleep(ms, signal);
    }
  };
  return {
    look,
    sendDue,
    beat,
    heartbeat: () => heartbeat,
    async run(signal) {
      const sending = every(SEND_EVERY_MS, () => sendDue(signal), signal);
      const beating = every(SEND_EVERY_MS, () => beat(signal), signal);
      await Promise.all([every(ROUND_MS, look, signal), sending, beating]);
    },
  };
}

// The disk may be full, which is what an alert is needed for: the next round tries again.
async function survivable(work: () => Promise<void>, log: Logger): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    log.error({ code: error.code, reason: error.reason, error: error.message }, "a round of the alerts failed");
  }
}

const unreadable: AlertProblem = {
  key: "own_fault",
  rule: "own_fault",
  severity: "critical",
  cause: "store_unreadable",
  state: "degraded",
  collectorId: undefined,
  collector: undefined,
  dataSources: [],
  reason: "The store cannot be read, so nothing is known of the collectors",
  action: "Look at the disk that holds the data directory, and at the server's log",
  fingerprint: "critical/store_unreadable",
};

/** Where the store cannot be read, that is the problem, and the others stay as they were: nothing says that they are over. */
async function observation({ observe, log, now, startedAt }: AlertLoopOptions, before: readonly AlertProblem[]) {
  try {
    const { sources, destinations, progress } = await observe();
    const ofDelivery = deliveryProblemsOf(destinations, { now: now(), startedAt });
    return { problems: [...problemsOf(sources), ...ofDelivery], progress };
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    log.error({ code: error.code, reason: error.reason }, "the states cannot be read for the alerts");
    return { problems: [...before.filter(({ key }) => key !== unreadable.key), unreadable], progress: false };
  }
}

/** Each notice goes to every channel that wants its severity. */
function keep(
  { store, randomBytes, now }: AlertLoopOptions,
  channels: readonly AlertChannel[],
  { known, forget, notices }: Decision,
): void {
  if (known.length + forget.length + notices.length === 0) return;
  const deliveries = notices.flatMap((notice) =>
    channels
      .filter((channel) => wants(channel, notice.severity))
      .map(({ id: channelId }) => ({ id: newId("msg", randomBytes), channelId, notice })),
  );
  store.keepRound({ known, forget, deliveries, at: now().toISOString() });
}

const wants = ({ enabled, leastSeverity }: AlertChannel, severity: Severity) =>
  enabled && (leastSeverity === "warning" || severity === "critical");

async function sendOne(options: AlertLoopOptions, delivery: Delivery, signal: AbortSignal): Promise<void> {
  const { store, sender, now, log } = options;
  const { id, notice, channelId } = delivery;
  const channel = store.channel(channelId);
  if (channel === undefined) return;
  const at = () => now().toISOString();
  if (!channel.enabled)
    return store.ended(id, { state: "given_up", nextAt: at(), error: "The channel is switched off", at: at() });
  try {
    const { allowNetworks } = store.settings();
    await sender.send({ id, notice }, { channel, secrets: store.secretsOf(channelId), allowNetworks }, signal);
    store.ended(id, { state: "sent", nextAt: at(), error: undefined, at: at() });
  } catch (error) {
    // What was cut off by the end of the process is sent anew after the next start.
    if (signal.aborted) return;
    const result = afterFailure(delivery, error, now());
    const message = result.state === "given_up" ? "an alert was given up" : "an alert was not taken; it is sent again";
    log.warn({ channel: channel.name, error: result.error, attempts: delivery.attempts + 1 }, message);
    store.ended(id, result);
  }
}

function afterFailure({ attempts, createdAt }: Delivery, error: unknown, now: Date): DeliveryResult {
  const told = toldOf(error);
  const waitMs = nextAttemptMs(attempts + 1, now.getTime() - Date.parse(createdAt));
  const at = now.toISOString();
  if (waitMs === undefined) return { state: "given_up", nextAt: at, error: told, at };
  const asked = error instanceof CollectorError ? Math.min(error.retryAfterMs ?? 0, 3_600_000) : 0;
  return { state: "pending", nextAt: new Date(now.getTime() + Math.max(waitMs, asked)).toISOString(), error: told, at };
}

/** For people; anything but our own errors is a bug. */
function toldOf(error: unknown): string {
  if (!(error instanceof CollectorError)) throw error;
  return `${error.message} (${error.reason ?? error.code})`;
}
