// An object in one thread, called from another. Only methods with plain data; every call is answered once.
import type { MessagePort, Transferable } from "node:worker_threads";
import { CollectorError, type ErrorCode } from "../model/errors.ts";

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: Failure;
}

interface Failure {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly details: Record<string, unknown>;
}

/** What both ends of a channel offer; a Worker does as well as a MessagePort. */
type Port = Pick<MessagePort, "postMessage" | "on">;

/** Answers the calls that come in on `port` with the methods of `target`, in the order they arrive. */
export function serve(port: Port, target: object): void {
  port.on("message", (message: Call) => {
    if (typeof message?.method !== "string") return;
    void answer(target, message).then((result) => port.postMessage(result));
  });
}

async function answer(target: object, { id, method, args }: Call): Promise<Answer> {
  try {
    const own = (target as Record<string, (...args: readonly unknown[]) => unknown>)[method];
    if (typeof own !== "function") throw new TypeError(`No method ${method}`);
    return { id, value: await own.apply(target, [...args]) };
  } catch (error) {
    return { id, failure: toFailure(error) };
  }
}

/** The far end's end of a channel: rejects what is still waiting once `reason` is known. */
export interface Remote<T> {
  readonly api: T;
  /** Rejects every call under way and every later one: the other thread is gone. */
  fail(reason: Error): void;
}

/**
 * The object that `serve` offers at the other end. `transfer` names the buffers of a call that are handed over instead of
 * copied; they cannot be used here afterwards.
 */
export function remote<T extends object>(
  port: Port,
  transfer: (method: string, args: readonly unknown[]) => readonly Transferable[] = () => [],
): Remote<T> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  let gone: Error | undefined;
  port.on("message", (message: Answer) => {
    const call = waiting.get(message?.id);
    if (!call || "method" in message) return;
    waiting.delete(message.id);
    if (message.failure) call.reject(toError(message.failure));
    else call.resolve(message.value);
  });
  const call = (method: string, args: readonly unknown[]) =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      port.postMessage({ id, method, args }, [...transfer(method, args)]);
    });
  const api = new Proxy({} as T, {
    // `then` must be absent, or awaiting the proxy would call it.
    get: (_, name) =>
      typeof name === "string" && name !== "then" ? (...args: unknown[]) => call(name, args) : undefined,
  });
  const fail = (reason: Error) => {
    gone = reason;
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };
  return { api, fail };
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: undefined, message: String(error), stack: undefined, details: {} };
  if (!(error instanceof CollectorError)) {
    return { code: undefined, message: error.message, stack: error.stack, details: {} };
  }
  const { retryAfterMs, reason, action, status } = error;
  return {
    code: error.code,
    message: error.message,
    stack: error.stack,
    details: { retryAfterMs, reason, action, status },
  };
}

function toError({ code, message, stack, details }: Failure): Error {
  const error = code ? new CollectorError(code, message, details) : new Error(message);
  if (stack) error.stack = stack;
  return error;
}
