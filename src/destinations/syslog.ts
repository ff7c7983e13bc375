import type { CheckStep } from "../model/check.ts";
import { defineDestination, type Sender, type Sent } from "../model/destination.ts";
import { formatNames, type OutgoingEvent } from "../model/outgoing.ts";
import { hostText } from "./parts/hosts.ts";
import { kept } from "./parts/kept.ts";
import { notAnswered } from "./parts/network-words.ts";
import { recentFrames } from "./parts/recent-frames.ts";
import { delivery, staged } from "./parts/staged.ts";
import { openConnection, receiverOf, type SyslogConnection, type SyslogContext } from "./parts/syslog-connection.ts";
import { framesOf } from "./parts/syslog-message.ts";
import { SyslogSettings } from "./parts/syslog-settings.ts";

/** Handed to the system at once. */
const PIECE_BYTES = 65_536;
/** The limit of each write is shorter: this only ends what goes on and on. */
const BATCH_MS = 600_000;

/** Syslog over TLS or TCP: one message for each event, or several for a long one. */
export const syslog = defineDestination<SyslogSettings>({
  name: "syslog",
  title: "Syslog",
  description: "Writes every event as a syslog message of RFC 5424 over TLS or TCP, in JSON, CEF or LEEF.",
  group: "siem",
  settings: SyslogSettings,
  address: ["host", "port"],
  formats: formatNames,
  guarantee: "unacknowledged",
  guaranteeNote:
    "A syslog server never says what it has taken: events on their way when a connection breaks can be lost; the last ones sent are sent again on the next connection, as copies with the same key.",
  // As many as are sent again by default, so that of the last batch none is missing after a break.
  limits: { events: 200, bytes: 1_000_000 },
  maxAgeMs: 1_000,
  concurrency: 1,
  open: openSender,
});

function openSender(context: SyslogContext): Sender {
  const { settings, sleep } = context;
  const recent = recentFrames(settings.resend_events);
  const connection = kept<SyslogConnection>({
    async open(signal) {
      const opened = await openConnection(context, signal);
      try {
        await writeAll(opened, recent.all(), signal);
        return opened;
      } catch (error) {
        await opened.end();
        throw error;
      }
    },
    isAlive: (one) => one.isOpen(),
    end: (one) => one.end(),
  });
  const use = <R>(signal: AbortSignal, work: (one: SyslogConnection) => Promise<R>) =>
    connection.use({ ms: BATCH_MS, late: () => notAnswered(hostText(receiverOf(settings))), signal, sleep }, work);
  const deliver = async (events: readonly OutgoingEvent[], signal: AbortSignal): Promise<Sent> => {
    const frames = events.map((event) => framesOf(event, settings));
    await use(signal, (one) => writeAll(one, frames, signal));
    recent.keep(frames);
    return {};
  };
  return {
    send: ({ events }, signal) => deliver(events, signal),
    check: (test, signal) => check({ context, use, deliver }, test, signal),
    close: () => connection.close(),
  };
}

async function writeAll(connection: SyslogConnection, frames: readonly Buffer[], signal: AbortSignal): Promise<void> {
  let piece: Buffer[] = [];
  let bytes = 0;
  for (const frame of frames) {
    piece.push(frame);
    bytes += frame.length;
    if (bytes < PIECE_BYTES) continue;
    await connection.write(Buffer.concat(piece), signal);
    piece = [];
    bytes = 0;
  }
  if (bytes > 0) await connection.write(Buffer.concat(piece), signal);
  await connection.assertOpen(signal);
}

interface Checking {
  readonly context: SyslogContext;
  readonly use: (signal: AbortSignal, work: () => Promise<void>) => Promise<void>;
  readonly deliver: (events: readonly OutgoingEvent[], signal: AbortSignal) => Promise<Sent>;
}

function check(
  { context, use, deliver }: Checking,
  test: OutgoingEvent,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  const host = hostText(receiverOf(context.settings));
  const encrypted = context.settings.transport === "tls" ? ", encrypted, its certificate trusted" : ", in the clear";
  return staged(context.now, [
    {
      id: "connect",
      title: "Connect",
      work: async () => {
        await use(signal, async () => undefined);
        return { state: "ok", detail: `${host} is connected${encrypted}` };
      },
    },
    delivery(
      () => deliver([test], signal),
      `It has been written; syslog has no answer, so look at the receiver for ${test.key}`,
    ),
  ]);
}
