// Access tokens of cloud services: asked for once, used until shortly before they expire, and asked for again when refused early.
import { z } from "zod";
import type { OutletAnswer } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";

/** A token is given up this long before its end, so that it is still good when it arrives; a short one after four fifths. */
const MARGIN_MS = 300_000;

export interface AccessToken {
  readonly value: string;
  readonly lifetimeMs: number;
}

export interface AccessTokens {
  /** The one in use, or a new one. */
  get(signal: AbortSignal): Promise<string>;
  /** A new one, whatever is in use. */
  renew(signal: AbortSignal): Promise<string>;
}

/** Keeps the token that `ask` brought. Two callers at the same moment may both ask; either token is good. */
export function accessTokens(
  ask: (signal: AbortSignal) => Promise<AccessToken>,
  monotonicMs: () => number,
): AccessTokens {
  let held: { readonly value: string; readonly untilMs: number } | undefined;
  const renew = async (signal: AbortSignal) => {
    // Counted from before the question: how long the answer took is not known to be our gain.
    const askedAt = monotonicMs();
    const { value, lifetimeMs } = await ask(signal);
    held = { value, untilMs: askedAt + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 5) };
    return value;
  };
  return {
    get: async (signal) => (held !== undefined && monotonicMs() < held.untilMs ? held.value : renew(signal)),
    renew,
  };
}

/** Asks with a token; where that is answered 401, once more with a new one. */
export async function askWithToken(
  tokens: AccessTokens,
  signal: AbortSignal,
  ask: (token: string) => Promise<OutletAnswer>,
): Promise<OutletAnswer> {
  const answer = await ask(await tokens.get(signal));
  return answer.status === 401 ? ask(await tokens.renew(signal)) : answer;
}

const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/** The token in a successful answer of an OAuth token endpoint. Nothing of the answer is told: it may hold a token. */
export function tokenIn({ status, text }: OutletAnswer, host: string): AccessToken {
  const read = TokenAnswer.safeParse(jsonIn(text));
  if (!read.success)
    throw new CollectorError("protocol", `${host} answered ${status} without an access token`, {
      reason: "unexpected_answer",
      action: "Check that nothing else answers at this address",
      status,
    });
  return { value: read.data.access_token, lifetimeMs: read.data.expires_in * 1_000 };
}

/** The text as JSON; undefined where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
