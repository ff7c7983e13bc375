// The requests that an event collector understands, with what one sender has to keep for them: channel and cookies.
import { z } from "zod";
import type { AnswerAbout } from "../../http/outlet-error.ts";
import type { OutletAnswer, SenderContext } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { gzipped } from "./gzip.ts";
import { hecCodeOf, hecError, type Verdict, verdictOf } from "./hec-answer.ts";
import type { HecSettings } from "./hec-settings.ts";
import { stickyCookies } from "./sticky-cookies.ts";

/** One channel, with the machine behind the balancer that knows its acknowledgements. */
export interface HecLine {
  post(objects: readonly string[], signal: AbortSignal): Promise<Verdict>;
  /** Of these acknowledgements, the ones that are there. Splunk tells each of them only once. */
  acknowledged(ids: readonly number[], signal: AbortSignal): Promise<readonly number[]>;
}

export interface HecCollector {
  readonly host: string;
  /** The code of its health. Throws where it is not well. */
  health(signal: AbortSignal): Promise<number>;
  /** Resolves where it accepts the token. No event is sent. */
  signIn(signal: AbortSignal): Promise<void>;
  /** The same line for all, until it is given up. */
  line(): HecLine;
  /** After acknowledgements that never came: the next line has another channel, and the balancer may choose another machine. */
  giveUp(line: HecLine): void;
}

const Acks = z.object({ acks: z.record(z.string(), z.boolean()) });
/** What an empty request is answered where the token is right: no data; by some that speak the same language: success. */
const SIGNED_IN: readonly (number | undefined)[] = [5, 0];

export function hecCollector(context: SenderContext<HecSettings>): HecCollector {
  const { settings, outlet } = context;
  const { host } = new URL(settings.url);
  const about = (): AnswerAbout => ({ host, now: context.now(), secrets: [settings.token] });
  const open = () => openLine(context, about);
  let line = open();
  return {
    host,
    async health(signal) {
      const answer = await outlet.request(collectorUrl(settings.url, "health"), { method: "GET", signal });
      const code = hecCodeOf(answer);
      if (answer.status !== 200 || code === undefined) throw hecError(answer, about());
      return code;
    },
    async signIn(signal) {
      const answer = await line.ask("event", "", signal);
      if (!SIGNED_IN.includes(hecCodeOf(answer))) throw hecError(answer, about());
    },
    line: () => line,
    giveUp(given) {
      if (given === line) line = open();
    },
  };
}

function openLine({ settings, outlet, randomBytes }: SenderContext<HecSettings>, about: () => AnswerAbout) {
  const channel = guid(randomBytes(16));
  const cookies = stickyCookies();

  // Without acknowledgement nothing has to come back to the same machine, and the balancer had better spread the load.
  const ofLine = (): Readonly<Record<string, string>> => {
    if (!settings.acknowledgement) return {};
    const cookie = cookies.header();
    return { "x-splunk-request-channel": channel, ...(cookie !== undefined && { cookie }) };
  };

  async function ask(leaf: string, text: string, signal: AbortSignal): Promise<OutletAnswer> {
    const headers = { authorization: `Splunk ${settings.token}`, "content-type": "application/json", ...ofLine() };
    const body =
      text === "" ? { headers } : { headers: { ...headers, "content-encoding": "gzip" }, body: await gzipped(text) };
    const answer = await outlet.request(collectorUrl(settings.url, leaf), { method: "POST", ...body, signal });
    if (settings.acknowledgement) cookies.keep(answer.headers);
    return answer;
  }

  return {
    ask,
    async post(objects: readonly string[], signal: AbortSignal): Promise<Verdict> {
      return verdictOf(await ask("event", objects.join("\n"), signal), objects.length, about());
    },
    async acknowledged(ids: readonly number[], signal: AbortSignal): Promise<readonly number[]> {
      const answer = await ask("ack", JSON.stringify({ acks: ids }), signal);
      const acks = answer.status === 200 ? acksIn(answer.text) : undefined;
      if (acks === undefined) throw hecError(answer, about());
      return ids.filter((id) => acks[String(id)] === true);
    },
  };
}

/** People paste the address with and without the path. */
export function collectorUrl(address: string, leaf: string): URL {
  const url = new URL(address);
  const base = url.pathname.replace(/\/(?:services\/collector(?:\/.*)?)?$/, "");
  return new URL(`${url.origin}${base}/services/collector/${leaf}`);
}

function acksIn(text: string): Readonly<Record<string, boolean>> | undefined {
  try {
    return Acks.safeParse(JSON.parse(text)).data?.acks;
  } catch {
    return undefined;
  }
}

/** A random GUID, as version 4 of RFC 9562 has it. */
function guid(bytes: Uint8Array): string {
  const marked = Uint8Array.from(bytes);
  marked[6] = (marked[6]! & 0x0f) | 0x40;
  marked[8] = (marked[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(marked).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What is thrown where a token gives no acknowledgements although they were asked for. */
export const noAcknowledgement = (host: string) =>
  new CollectorError("config_invalid", `${host} took events without an acknowledgement to ask for`, {
    reason: "acknowledgement_off",
    action: "Switch indexer acknowledgement off here, or on for the token",
  });
