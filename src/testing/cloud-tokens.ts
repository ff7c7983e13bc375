// What the simulators of cloud services share about tokens, by node:crypto alone.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { LoopbackAnswer, LoopbackRequest } from "./loopback-server.ts";

export interface Claims {
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** Access tokens as a service issues them for itself: nobody else has the key. */
export function ownTokens(key: string) {
  const seal = (text: string) => createHmac("sha256", key).update(text).digest("base64url");
  return {
    issue(claims: Claims & Readonly<Record<string, unknown>>): string {
      const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
      return `${text}.${seal(text)}`;
    },
    /** The claims; undefined where the token is not ours. */
    read(token: string): Claims | undefined {
      const [head = "", body = "", signature = ""] = token.split(".");
      const [given, expected] = [Buffer.from(signature), Buffer.from(seal(`${head}.${body}`))];
      const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
      return isOurs ? (decoded(body) as Claims) : undefined;
    },
  };
}

/** The bearer token of a request; empty where there is none. */
export const bearerOf = ({ headers }: LoopbackRequest): string =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? "";

/** The fields of a form; undefined where the request declares its content as something else. */
export const formOf = ({ headers, body }: LoopbackRequest): URLSearchParams | undefined =>
  isDeclared(headers["content-type"], "application/x-www-form-urlencoded")
    ? new URLSearchParams(body.toString("utf8"))
    : undefined;

/** Whether a content type is this one, with or without parameters. */
export const isDeclared = (given: string | undefined, type: string): boolean =>
  (given ?? "").replace(/\s*;.*$/, "").toLowerCase() === type;

export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): LoopbackAnswer => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** A part of a JWT as JSON; undefined where it is none. */
export const decoded = (part: string): unknown => parsed(Buffer.from(part, "base64url").toString("utf8"));

/** The text as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
