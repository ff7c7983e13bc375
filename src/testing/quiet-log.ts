import type { Logger } from "../model/log.ts";

/** A logger for tests: keeps warnings and errors to be looked at, prints nothing. */
export function quietLog(): Logger & { readonly kept: string[] } {
  const kept: string[] = [];
  const log = {
    kept,
    debug: () => undefined,
    info: () => undefined,
    warn: (_fields: unknown, message: string) => void kept.push(message),
    error: (_fields: unknown, message: string) => void kept.push(message),
    child: () => log,
  };
  return log;
}
