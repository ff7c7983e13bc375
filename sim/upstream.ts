// The simulated upstream: answers what the product's transport is asked, in simulated time, with the faults of the seed.
import type { Transport, TransportRequest } from "../src/http/transport.ts";
import { CollectorError } from "../src/model/errors.ts";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import { isoUs, type Published, type PublishedFile, sources, WORKSPACE } from "./published.ts";
import type { Life, Scheduler } from "./scheduler.ts";
import type { Switch } from "./switches.ts";

const HOUR_MS = 3_600_000;
const RETENTION_MS = 30 * 24 * HOUR_MS;
/** Small, so that a few dozen files make pages, and a tie can be larger than one. */
const PAGE = 6;
const ADDRESS_LIVES_MS = 10 * 60_000;

export interface UpstreamOptions {
  readonly seed: number;
  readonly on: ReadonlySet<Switch>;
  readonly published: Published;
  readonly scheduler: Scheduler;
  /** From then on nothing goes wrong any more. */
  readonly calmMs: number;
  readonly overlapMs: number;
  readonly fired: (name: Switch) => void;
  readonly trace: (text: string) => void;
}

/** A stretch of the season in which something is wrong. */
interface Spell {
  readonly fromMs: number;
  readonly toMs: number;
}

export class SimulatedUpstream {
  readonly #options: UpstreamOptions;
  readonly #random: Random;
  readonly #firstListed = new Map<string, number>();
  readonly #outages: readonly Spell[];
  readonly #refusals: readonly Spell[];
  readonly #limits: readonly Spell[];
  requests = 0;
  /** When each file was last refused by a 429, for the share of them. */
  limited = 0;

  constructor(options: UpstreamOptions, startMs: number) {
    this.#options = options;
    this.#random = randomOf(options.seed, "network");
    const { calmMs, overlapMs } = options;
    const spells = (name: Switch, longestMs: number) => {
      const random = randomOf(options.seed, "spells", name);
      // One may be long, the others are short: each hour of failing takes a dozen requests.
      const made = [longestMs, longestMs / 12].map((mostMs) => {
        const fromMs = startMs + random.fraction() * (calmMs - startMs);
        return { fromMs, toMs: Math.min(calmMs, fromMs + random.fraction() * mostMs) };
      });
      return options.on.has(name) ? made : [];
    };
    this.#outages = spells("listFailures", 1.5 * overlapMs);
    this.#refusals = spells("revokedKey", 20 * HOUR_MS);
    this.#limits = spells("rateLimits", 6 * HOUR_MS);
  }

  /** The way out of one life: its requests die with it. */
  transport(life: Life): Transport {
    return {
      get: (url, request) => this.#get(life, url, request),
      close: async () => undefined,
    };
  }

  /** Files that upstream can still hand out, so that a collector at the end of all faults has to hold them. */
  available(file: PublishedFile): boolean {
    const { now } = this.#options.scheduler;
    const listed = this.#firstListed.get(file.id);
    if (file.publishedMs > now || file.endUs / 1_000 + RETENTION_MS <= now) return false;
    return file.vanishesAfterMs === undefined || listed === undefined || now < listed + file.vanishesAfterMs;
  }

  wasListed(file: PublishedFile): boolean {
    return this.#firstListed.has(file.id);
  }

  #get(life: Life, url: URL, { signal }: TransportRequest): Promise<Response> {
    const { scheduler, trace } = this.#options;
    this.requests += 1;
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal?.reason);
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      const waitMs = this.#latencyMs();
      scheduler.after(waitMs, life, () => {
        signal?.removeEventListener("abort", abort);
        if (signal?.aborted) return;
        try {
          const response = this.#answer(url);
          trace(`${url.pathname.slice(-40)}${url.search.slice(0, 80)} ${response.status}`);
          resolve(response);
        } catch (error) {
          trace(`${url.pathname.slice(-40)} ${String(error)}`);
          reject(error);
        }
      });
    });
  }

  #latencyMs(): number {
    return this.#random.chance(0.02) ? this.#random.between(5_000, 29_000) : this.#random.between(20, 900);
  }

  /** Whether a fault of this kind happens now; never in the calm at the end. */
  #happens(name: Switch, share: number): boolean {
    const { on, scheduler, calmMs, fired } = this.#options;
    const happens = this.#random.chance(share) && on.has(name) && scheduler.now < calmMs;
    if (happens) fired(name);
    return happens;
  }

  #within(name: Switch, spells: readonly Spell[]): boolean {
    const { now } = this.#options.scheduler;
    const inside = spells.some(({ fromMs, toMs }) => now >= fromMs && now < toMs);
    if (inside) this.#options.fired(name);
    return inside;
  }

  #answer(url: URL): Response {
    if (url.hostname === "files.sim") return this.#signed(url);
    if (this.#within("revokedKey", this.#refusals)) return this.#json(401, { error: { code: "invalid_api_key" } });
    if (this.#within("rateLimits", this.#limits) && this.#random.chance(0.5)) return this.#tooMany();
    const [, , , kind, owner, , id] = url.pathname.split("/");
    if (kind !== "workspaces" || owner !== WORKSPACE)
      return this.#json(404, { error: { message: "no such workspace" } });
    if (url.pathname.endsWith("/max_event_time")) return this.#newest(url);
    return id === undefined ? this.#list(url) : this.#redirect(id);
  }

  #tooMany(): Response {
    this.limited += 1;
    const wait = this.#random.pick([{ "retry-after": String(this.#random.between(1, 60)) }, {}]);
    return this.#json(429, { error: { message: "slow down" } }, wait);
  }

  #json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
    const date = new Date(Math.floor(this.#options.scheduler.now / 1_000) * 1_000).toUTCString();
    return new Response(JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", date, ...headers },
    });
  }

  #list(url: URL): Response {
    if (this.#within("listFailures", this.#outages)) return this.#failure();
    if (this.#happens("listFailures", 0.03)) return this.#failure();
    if (this.#happens("brokenPages", 0.02)) return this.#brokenPage();
    const { page, more } = this.#page(url.searchParams);
    for (const file of page)
      if (!this.#firstListed.has(file.id)) this.#firstListed.set(file.id, this.#options.scheduler.now);
    const last = page.at(-1)?.endTime ?? null;
    const withoutLast = last !== null && this.#happens("nullLastEndTime", 0.1);
    return this.#json(200, { data: page.map(listed), has_more: more, last_end_time: withoutLast ? null : last });
  }

  #brokenPage(): Response {
    if (this.#random.chance(0.5)) return this.#json(200, { data: [], last_end_time: null });
    return new Response("<!doctype html><title>Sign in</title>", {
      status: 200,
      headers: { "content-type": "text/html" },
    });
  }

  #failure(): Response {
    if (this.#random.chance(0.5)) throw new CollectorError("unavailable", "broken off", { reason: "connection_reset" });
    return this.#json(this.#random.pick([500, 502, 503]), { error: { message: "try later" } });
  }

  #page(query: URLSearchParams): { readonly page: readonly PublishedFile[]; readonly more: boolean } {
    const { on, published, fired } = this.#options;
    const type = query.get("event_type");
    const whole = on.has("wholeSeconds");
    const granule = whole ? 1_000_000 : 1;
    const after = Math.floor(microseconds(query.get("after") ?? "") / granule);
    const at = ({ endUs }: PublishedFile) => Math.floor(endUs / granule);
    if (whole) fired("wholeSeconds");
    const inclusive = on.has("inclusiveAfter");
    if (inclusive) fired("inclusiveAfter");
    const later = published.files.filter(
      (file) => file.type === type && this.available(file) && (at(file) > after || (inclusive && at(file) === after)),
    );
    const ordered = later.toSorted((a, b) => a.endUs - b.endUs || (a.id < b.id ? -1 : 1));
    return { page: ordered.slice(0, PAGE), more: ordered.length > PAGE };
  }

  #newest(url: URL): Response {
    const { published, on, fired } = this.#options;
    const type = url.searchParams.get("event_type") ?? "";
    if (on.has("newestStalls")) fired("newestStalls");
    const known = published.files.filter((file) => file.type === type && this.available(file));
    const newest = on.has("newestStalls") ? known[0] : known.at(-1);
    return this.#json(200, { max_event_time: { [type]: newest === undefined ? null : newest.endTime } });
  }

  #redirect(id: string): Response {
    const file = this.#options.published.files.find((one) => one.id === decodeURIComponent(id));
    if (file === undefined || !this.available(file)) return this.#json(404, { error: { message: "no such file" } });
    if (this.#happens("passingAbsence", 0.05)) return this.#json(404, { error: { message: "no such file" } });
    if (this.#options.scheduler.now < file.failsUntilMs) return this.#failure();
    if (this.#happens("downloadFailures", 0.05)) return this.#failure();
    const expires = this.#options.scheduler.now + ADDRESS_LIVES_MS;
    return this.#json(307, {}, { location: `https://files.sim/${file.id}?expires=${expires}` });
  }

  #signed(url: URL): Response {
    const file = this.#options.published.files.find(({ id }) => id === url.pathname.slice(1));
    const expired = Number(url.searchParams.get("expires")) < this.#options.scheduler.now;
    if (file === undefined || expired) return new Response("expired", { status: 403 });
    if (this.#happens("expiringAddresses", 0.06)) return new Response(brokenOff(file.bytes), { status: 200 });
    return new Response(this.#body(file), { status: 200 });
  }

  #body({ bytes }: PublishedFile): ReadableStream<Uint8Array> {
    let body: Uint8Array = bytes;
    if (this.#happens("truncatedBodies", 0.06)) body = bytes.subarray(0, this.#random.between(0, bytes.length - 1));
    else if (this.#happens("corruptBodies", 0.06)) body = this.#corrupted(bytes);
    return streamOf(body);
  }

  #corrupted(bytes: Buffer): Uint8Array {
    const copy = new Uint8Array(bytes);
    const at = this.#random.between(0, copy.length - 1);
    copy[at] = (copy[at]! + 1) % 256;
    return copy;
  }
}

export { isoUs, sources };

function listed({ id, type, endTime, bytes, sha256, hashListed }: PublishedFile) {
  const hash = hashListed ? { file_sha256: sha256 } : {};
  return { id, event_type: type, end_time: endTime, file_name: `${id}.jsonl`, file_size: bytes.length, ...hash };
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const half = bytes.length >> 1;
  return new ReadableStream({
    start(controller) {
      // Copies: whoever reads a stream of bytes may take the buffer.
      if (half > 0) controller.enqueue(bytes.slice(0, half));
      controller.enqueue(bytes.slice(half));
      controller.close();
    },
  });
}

function brokenOff(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new CollectorError("unavailable", "broken off", { reason: "connection_reset" }));
      else controller.enqueue(bytes.slice(0, bytes.length >> 1));
      sent = true;
    },
  });
}

/** An instant as our product prints it, in µs since 1970. */
function microseconds(text: string): number {
  const match = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(text);
  if (!match) throw new Error(`not an instant: ${text}`);
  return Date.parse(`${match[1]}Z`) * 1_000 + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
}
