// One line of JSON per event on stderr, or one short line for people where stderr is a terminal. Only fields on the list are
// ever written: nothing that somebody puts beside a message by mistake can carry content or a secret out.
import { writeSync } from "node:fs";
import pino from "pino";
import type { LogFields, Logger } from "../model/log.ts";

const allowed = new Set([
  "collector",
  "dataSource",
  "thread",
  "code",
  "reason",
  "action",
  "status",
  "file",
  "endTime",
  "attempts",
  "kind",
  "listed",
  "fresh",
  "from",
  "to",
  "removed",
  "retentionDays",
  "freeBytes",
  "reserve",
  "address",
  "version",
  "dataDir",
  "durationMs",
  "events",
  "lines",
  "inserted",
  "duplicates",
  "quarantined",
  "signal",
  "pid",
  "done",
  "total",
  "name",
  "error",
  "stack",
  "method",
  "path",
  "account",
  "count",
]);

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** A logger to stderr. Writes are synchronous: the last line before a crash is the one that matters. */
export function createLog(level: LogLevel, options: { readonly pretty: boolean }): Logger {
  const destination = { write: (line: string) => writeAll(options.pretty ? forPeople(line) : line) };
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return wrap(log);
}

function wrap(log: pino.Logger): Logger {
  return {
    debug: (fields, message) => log.debug(permitted(fields), message),
    info: (fields, message) => log.info(permitted(fields), message),
    warn: (fields, message) => log.warn(permitted(fields), message),
    error: (fields, message) => log.error(permitted(fields), message),
    child: (fields) => wrap(log.child(permitted(fields))),
  };
}

function permitted(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => allowed.has(name) && value !== undefined));
}

function writeAll(text: string): void {
  try {
    writeSync(2, text);
  } catch (error) {
    // Nobody reads stderr any more, or the pipe is full: a log line is no reason to end.
    if (!["EPIPE", "EAGAIN"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function forPeople(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const facts = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}${facts.length ? `  ${facts.join(" ")}` : ""}\n`;
}
