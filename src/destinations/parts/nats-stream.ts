// Which stream takes the events, asked of JetStream itself.
import type { JetStreamManager, StreamConfig, StreamInfo } from "@nats-io/jetstream";
import type { StepOutcome } from "../../model/check.ts";
import { CollectorError } from "../../model/errors.ts";
import { ACK_MS, type NatsLink } from "./nats-connection.ts";
import { isDenied, isUnheard, jetStreamOff, natsFailure, noStream } from "./nats-errors.ts";
import type { NatsSettings } from "./nats-settings.ts";

const MINUTE_NS = 60_000_000_000;
/** Repeats usually come within this time. */
const ENOUGH_MINUTES = 10;
const OURS_MINUTES = 60;

/** Finds the stream, creates it where that is wanted, and tells for how long it knows repeats. */
export async function checkStream(
  link: NatsLink,
  settings: NatsSettings,
  subject: string,
): Promise<StepOutcome<undefined>> {
  try {
    const manager = await managerOf(link);
    const found = await existing(manager, settings.stream, subject);
    if (found !== undefined) return outcome(found, "takes the events");
    if (!settings.create_stream) throw noStream(subject);
    return outcome(await manager.streams.add(ourStream(settings)), "has been created");
  } catch (error) {
    if (isDenied(error)) return UNSEEN;
    if (isUnheard(error)) throw jetStreamOff(link.host);
    throw natsFailure(error, link.host);
  }
}

/** Why nobody took a message on this subject: there is no stream for it, or the one there is has no leader at the moment. */
export async function whyUnheard(link: NatsLink, subject: string): Promise<unknown> {
  try {
    const manager = await managerOf(link);
    return (await existing(manager, undefined, subject)) === undefined ? noStream(subject) : away(link.host, subject);
  } catch (error) {
    if (isUnheard(error)) return jetStreamOff(link.host);
    return isDenied(error) ? away(link.host, subject) : natsFailure(error, link.host);
  }
}

async function managerOf({ nats }: NatsLink): Promise<JetStreamManager> {
  const { jetstreamManager } = await import("@nats-io/jetstream");
  return await jetstreamManager(nats, { checkAPI: false, timeout: ACK_MS });
}

async function existing(manager: JetStreamManager, name: string | undefined, subject: string) {
  try {
    return await manager.streams.info(name ?? (await manager.streams.find(subject)));
  } catch (error) {
    if (error instanceof Error && error.name === "StreamNotFoundError") return undefined;
    throw error;
  }
}

function ourStream({
  stream,
  subject,
  stream_replicas: replicas,
}: NatsSettings): Partial<StreamConfig> & { name: string } {
  const words = subject.split(".").map((word) => (word.includes("{") ? "*" : word));
  return {
    name: stream!,
    subjects: [words.join(".")],
    num_replicas: replicas,
    duplicate_window: OURS_MINUTES * MINUTE_NS,
  };
}

function outcome({ config }: StreamInfo, what: string): StepOutcome<undefined> {
  const minutes = config.duplicate_window / MINUTE_NS;
  const known = `Stream ${config.name} ${what}; it knows repeats for ${minutes >= 1 ? `${Math.floor(minutes)} min` : "less than a minute"}`;
  if (minutes >= ENOUGH_MINUTES) return { state: "ok", detail: known };
  const remedy = `Give it more, so that a repeat after an outage is not stored twice: nats stream edit ${config.name} --dupe-window=1h`;
  return { state: "warning", reason: "short_window", detail: known, remedy };
}

const UNSEEN: StepOutcome<undefined> = {
  state: "warning",
  reason: "stream_unseen",
  detail: "This user may not ask which stream takes the events; the delivery shows it",
  remedy: "To have it checked, let the user publish to $JS.API.STREAM.NAMES and $JS.API.STREAM.INFO.*",
};

const away = (host: string, subject: string) =>
  new CollectorError("unavailable", `No stream answered at ${host} for the subject ${subject}`, {
    reason: "stream_away",
    action: "If it stays, check that a stream takes this subject and has a leader",
  });
