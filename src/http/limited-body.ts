// The body of an answer under limits: size, whole duration, least speed. Silence between bytes is the transport's to end.
import type { Readable } from "node:stream";
import { CollectorError } from "../model/errors.ts";
import type { Seams } from "./seams.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  /** From the start of the request. */
  readonly totalMs: number;
  readonly minBytesPerSecond: number;
  /** Over how long the speed is measured. */
  readonly speedWindowMs: number;
}

const LOOK_EVERY_MS = 5_000;
const DRAIN_BYTES = 16_384;
const DRAIN_MS = 1_000;

/** The undici body as a web stream that ends with a CollectorError where a limit is broken. `name` is the host, for messages. */
export function limitedBody(
  body: Readable & { dump(options: { limit: number }): Promise<void> },
  limits: BodyLimits,
  seams: Pick<Seams, "monotonicMs" | "sleep">,
  about: { readonly name: string; readonly startedMs: number; readonly failure: (error: unknown) => unknown },
): ReadableStream<Uint8Array> {
  // A body that nobody reads may still fail; whoever reads it hears of that through the iterator.
  body.on("error", () => undefined);
  const watch = watchBody(limits, seams, about, (error) => body.destroy(error));
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let begun = false;
  return new ReadableStream(
    {
      async pull(controller) {
        begun = true;
        try {
          const next = await watch.wait(() => chunks.next());
          if (next.done) {
            watch.stop();
            controller.close();
          } else controller.enqueue(next.value);
        } catch (error) {
          watch.stop();
          body.destroy();
          throw about.failure(error);
        }
      },
      async cancel() {
        watch.stop();
        if (begun) body.destroy();
        else await drained(body, seams.sleep);
      },
    },
    { highWaterMark: 0 },
  );
}

// A short body is drained, so that its connection can serve the next request; one that keeps us waiting costs its connection.
async function drained(body: Parameters<typeof limitedBody>[0], sleep: Seams["sleep"]): Promise<void> {
  const over = new AbortController();
  const late = sleep(DRAIN_MS, over.signal).then(() => void (over.signal.aborted || body.destroy()));
  await Promise.race([body.dump({ limit: DRAIN_BYTES }), late]);
  over.abort();
}

/** What has come so far, and how long it was waited for. */
interface Seen {
  bytes: number;
  windowBytes: number;
  windowWaitedMs: number;
  waitingSince: number | undefined;
}

interface Watch {
  /** Runs one read, counting the time it takes: a reader that takes its time is not the sender's fault. */
  wait(read: () => Promise<IteratorResult<Uint8Array, unknown>>): Promise<IteratorResult<Uint8Array, unknown>>;
  stop(): void;
}

function watchBody(
  limits: BodyLimits,
  seams: Pick<Seams, "monotonicMs" | "sleep">,
  about: { readonly name: string; readonly startedMs: number },
  fail: (error: Error) => void,
): Watch {
  const over = new AbortController();
  const seen: Seen = { bytes: 0, windowBytes: 0, windowWaitedMs: 0, waitingSince: undefined };
  const verdict = () => judge(limits, seen, seams.monotonicMs(), about);
  const look = async () => {
    while (!over.signal.aborted) {
      await seams.sleep(LOOK_EVERY_MS, over.signal);
      const error = over.signal.aborted ? undefined : verdict();
      if (error) {
        over.abort();
        fail(error);
      }
    }
  };
  void look();
  return {
    async wait(read) {
      seen.waitingSince = seams.monotonicMs();
      const next = await read();
      seen.windowWaitedMs += seams.monotonicMs() - seen.waitingSince;
      seen.waitingSince = undefined;
      const bytes = next.done ? 0 : next.value.byteLength;
      seen.bytes += bytes;
      seen.windowBytes += bytes;
      if (seen.bytes > limits.maxBytes) throw tooLarge(about.name, limits.maxBytes);
      return next;
    },
    stop: () => over.abort(),
  };
}

/** What is wrong with a body by now; undefined while nothing is. Begins a new window when one was long enough. */
function judge(
  limits: BodyLimits,
  seen: Seen,
  nowMs: number,
  about: { readonly name: string; readonly startedMs: number },
): CollectorError | undefined {
  if (nowMs - about.startedMs > limits.totalMs) {
    const minutes = Math.round(limits.totalMs / 60_000);
    return new CollectorError("unavailable", `${about.name} took more than ${minutes} minutes for one answer`, {
      reason: "too_slow",
    });
  }
  const waitedMs = seen.windowWaitedMs + (seen.waitingSince === undefined ? 0 : nowMs - seen.waitingSince);
  if (waitedMs < limits.speedWindowMs) return undefined;
  const speed = (seen.windowBytes * 1_000) / waitedMs;
  if (speed < limits.minBytesPerSecond) {
    return new CollectorError("unavailable", `${about.name} sent only ${Math.floor(speed)} bytes a second`, {
      reason: "too_slow",
    });
  }
  seen.windowBytes = 0;
  seen.windowWaitedMs = 0;
  if (seen.waitingSince !== undefined) seen.waitingSince = nowMs;
  return undefined;
}

function tooLarge(name: string, maxBytes: number): CollectorError {
  const megabytes = Math.floor(maxBytes / 1_000_000);
  return new CollectorError("protocol", `${name} sent more than ${megabytes} MB`, { reason: "too_large" });
}
