import type { SenderContext } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { clickhouseError, exceptionIn } from "./clickhouse-error.ts";
import type { ClickhouseSettings } from "./clickhouse-settings.ts";

export type ClickhouseContext = SenderContext<ClickhouseSettings>;

export interface ClickhouseRequest {
  /** Added to the address: the query where the body is data, and settings. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The query, or data, then compressed. */
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
}

/** Asks ClickHouse and returns what it answers. Throws a CollectorError for what it refuses, and for what is no answer of ClickHouse's. */
export async function askClickhouse(context: ClickhouseContext, request: ClickhouseRequest): Promise<string> {
  const { settings, outlet, now } = context;
  const { parameters = {}, body, signal } = request;
  const url = new URL(settings.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const answer = await outlet.request(url, {
    method: "POST",
    headers: {
      authorization: basic(settings),
      "content-type": "text/plain; charset=utf-8",
      ...(typeof body !== "string" && { "content-encoding": "gzip" }),
    },
    body,
    signal,
    limitMs: settings.timeout_seconds * 1_000,
  });
  const about = { host: url.host, now: now(), secrets: secretsOf(settings) };
  if (answer.status !== 200 || exceptionIn(answer) !== undefined) throw clickhouseError(answer, about);
  // A success of something else, a sign-in page say, would be taken for delivery.
  if (![...answer.headers.keys()].some((name) => name.startsWith("x-clickhouse-"))) throw somebodyElse(url.host);
  return answer.text;
}

const basic = ({ user, password = "" }: ClickhouseSettings) =>
  `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;

const secretsOf = (settings: ClickhouseSettings) =>
  settings.password === undefined ? [] : [settings.password, basic(settings).slice("Basic ".length)];

const somebodyElse = (host: string) =>
  new CollectorError("config_invalid", `${host} answers, but not as ClickHouse does`, {
    reason: "wrong_address",
    action: "Enter the address and port of the HTTP interface; a proxy in between has to pass on X-ClickHouse headers",
    status: 200,
  });
