import { InvalidArgumentError, Option } from "commander";
import { type Listen, parseListen } from "../config/listen.ts";
import { parseDuration } from "../model/duration.ts";
import { hasZone, instantUs } from "../model/time.ts";

/** Parsers of option values; what they throw is shown with the option's name and ends with exit code 2. */

export const listenOption = (description: string): Option =>
  new Option("--listen <host:port>", description).argParser(listenArgument);

function listenArgument(text: string): Listen {
  const listen = parseListen(text);
  if (!listen) throw new InvalidArgumentError("Expected an address and a port, such as 127.0.0.1:7411.");
  return listen;
}

/** µs since 1970. */
export function instantArgument(text: string): number {
  const us = /^\d{4}-\d\d-\d\d$/.test(text) ? instantUs(`${text}T00:00:00Z`) : instantUs(text);
  if (us === undefined || (text.length > 10 && !hasZone(text))) {
    throw new InvalidArgumentError("Expected an instant such as 2026-07-15T00:00:00Z, or a day such as 2026-07-15.");
  }
  return us;
}

/** A parser for whole numbers within bounds. */
export const wholeArgument =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    const limit = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
    throw new InvalidArgumentError(`Expected a whole number, ${limit}.`);
  };

/** Milliseconds, 1 second or more. */
export function durationArgument(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1_000) return ms;
  throw new InvalidArgumentError("Expected a duration of 1s or more, such as 90s, 10m or 1h30m.");
}

/** A parser for positive numbers. */
export function positiveArgument(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

/** For options that may be given several times. */
export const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
