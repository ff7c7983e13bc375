// Worker threads and what they offer each other. A thread that ends on its own is a bug: whoever waits for it is told.
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { extname } from "node:path";
import {
  MessageChannel,
  type MessagePort,
  parentPort,
  type Transferable,
  Worker,
  workerData,
} from "node:worker_threads";
import { CollectorError, type ErrorCode, errorCodes } from "../model/errors.ts";
import { systemSleep } from "./clock.ts";
import { type Remote, remote, serve } from "./rpc.ts";

/** The young generation of a thread's heap: the default would let each of several threads hold 48 MB of garbage. */
const YOUNG_GENERATION_MB = 8;

export interface Thread {
  /** A channel on which the thread answers for the object that it offers under `name`. */
  connect(name: string): MessagePort;
  /** Asks the thread to end what it does, and waits for its end; after `graceMs`, if given, it is ended whatever it does. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts `file` (relative to the caller's `base`, without its ending) as a thread. The ports in `data` are named again in
 * `ports`, for they change hands. `onDeath` hears of an end nobody asked for.
 */
export function startThread(
  file: string,
  base: string,
  data: unknown,
  ports: readonly MessagePort[],
  onDeath: (error: Error) => void,
): Thread {
  const name = file.split("/").at(-1) ?? file;
  const worker = new Worker(new URL(`${file}${extname(base)}`, base), {
    workerData: data,
    transferList: [...ports],
    name,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const ended = Promise.withResolvers<void>();
  let stopping = false;
  worker.on("error", (error) => onDeath(causeOfDeath(name, error)));
  worker.on("exit", (code) => {
    if (!stopping) onDeath(causeOfDeath(name, new Error(`code ${code}`)));
    ended.resolve();
  });
  return {
    connect(name) {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ connect: name, port: port2 }, [port2]);
      port1.unref();
      return port1;
    },
    async stop(graceMs) {
      stopping = true;
      worker.postMessage({ stop: true });
      if (graceMs === undefined) return await ended.promise;
      const over = new AbortController();
      await Promise.race([ended.promise, systemSleep(graceMs, over.signal)]);
      over.abort();
      await worker.terminate();
    },
  };
}

/** What a thread threw. Its class is lost on the way between threads; what is no CollectorError is told with the thread. */
function causeOfDeath(name: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`the ${spoken(name)} ended: ${String(error)}`);
  const { code } = error as { readonly code?: unknown };
  const known = error.name === "CollectorError" && errorCodes.includes(code as ErrorCode);
  const told = known
    ? new CollectorError(code as ErrorCode, error.message, error)
    : new Error(`the ${spoken(name)} ended: ${error.message}`);
  if (error.stack) told.stack = error.stack;
  return told;
}

const spoken = (name: string) => name.replaceAll("-", " ");

/** The far object over a channel of `Thread.connect`. */
export function remoteOf<T extends object>(
  port: MessagePort,
  transfer?: (method: string, args: readonly unknown[]) => readonly Transferable[],
): Remote<T> {
  const far = remote<T>(port, transfer);
  port.on("close", () => far.fail(new Error("The thread that should answer has ended")));
  return far;
}

interface Order {
  readonly connect?: string;
  readonly port?: MessagePort;
  readonly stop?: true;
}

/** What the thread was started with. */
export const threadData = <T>(): T => workerData as T;

/**
 * In a thread: offers the objects by name to whoever connects; runs `onStop` and ends when asked to. Connections made before
 * the offer are kept waiting, so start-up may take its time.
 */
export function offer(objects: Readonly<Record<string, object>>, onStop: () => Promise<void>): void {
  const port = parentPort;
  if (!port) throw new Error("Not in a thread");
  port.on("message", (order: Order) => {
    if (order.connect !== undefined && order.port) serve(order.port, objects[order.connect] ?? {});
    if (order.stop) void onStop().then(() => process.exit(0));
  });
}

/**
 * Lets this thread stand behind those that answer people when the processor is short: `nice` from 1 to 19. Where the system
 * cannot say which thread it is (only Linux can), nothing changes.
 */
export function standBehind(nice: number): void {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    setPriority(thread, nice);
  } catch (error) {
    if (!["ENOENT", "EACCES", "ERR_SYSTEM_ERROR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** Ends the thread with this error, from outside any promise chain, and so the process: for bugs, not for faults. */
export function crash(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

/** Resolves after whatever else waits in this thread has had its turn. */
export const letOthersIn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
