import type { z } from "zod";
import type { CheckStep } from "./check.ts";
import type { Guide } from "./guide.ts";

/** Which of the two queues under one rate budget a request stands in: fresh files go before backlog. */
export type Lane = "fresh" | "backlog";

export interface UpstreamRequest {
  /** The name under which the rate budget counts this call, such as `logs.list`. One budget per key and route. */
  readonly route: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The only way a connector reaches the world: GET, https (http to loopback only), forbidden addresses refused. */
export interface Upstream {
  /**
   * One GET under the rate budget. Answers below 400 come back, redirects unfollowed; anything else, and no answer,
   * throws a CollectorError whose `status` is the answer's and whose message quotes at most 300 characters of its text.
   */
  get(url: URL, request: UpstreamRequest): Promise<Response>;
  /** One GET of a short-lived signed address: no credentials, no budget, redirects refused. */
  getSigned(url: URL, signal?: AbortSignal): Promise<Response>;
}

/** What proves who asks. The headers go to this origin and to no other. */
export interface Credential {
  /** `https://host[:port]`, as `URL.origin` prints it. */
  readonly origin: string;
  /** Lower-case names, such as `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything a feed may touch. There is no other way out to the world. */
export interface FeedContext<Settings> {
  readonly settings: Settings;
  readonly upstream: Upstream;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** One immutable file, as upstream lists it. */
export interface UpstreamFile {
  readonly id: string;
  /** Upstream's own text; RFC 3339, 0 to 9 fraction digits. */
  readonly endTime: string;
  /** Bytes. */
  readonly size: number;
  /** 64 hex digits, or undefined where upstream gave none: then two downloads are compared. */
  readonly sha256: string | undefined;
}

export interface FilePage {
  readonly files: readonly UpstreamFile[];
  /** The printed end time of the page's last file; undefined on an empty page. */
  readonly lastEndTime: string | undefined;
  readonly more: boolean;
  /** Upstream's own clock (its Date header) when it answered, RFC 3339; undefined where it sent none. */
  readonly servedAt: string | undefined;
}

/** What one line says of itself. Absent facts are undefined; a line that is not an object of the upstream throws. */
export interface LineIdentity {
  readonly id: string | undefined;
  readonly time: string | undefined;
  readonly type: string;
  /** Whose event it is, to be compared with `FileFeed.principal`. */
  readonly principal: string | undefined;
}

/** Lists immutable files and opens each. Overlap, ledger, retries, size and hash are the engine's. */
export interface FileFeed<Settings = any> {
  readonly kind: "files";
  readonly name: string;
  readonly title: string;
  /** One sentence: what a reader finds in it. */
  readonly description: string;
  /** Upstream's own word for it, such as CONVERSATION_MESSAGE. Two names for one word in a collector are refused. */
  readonly upstreamType: string;
  /** Largest page upstream gives. */
  readonly maxPageSize: number;
  /** The workspace or organization whose events these must be. */
  principal(settings: Settings): string;
  /** One page of files whose end time is later than `after`, oldest first; the boundary may come back. */
  list(ctx: FeedContext<Settings>, after: string, limit: number): Promise<FilePage>;
  /** The file's bytes. Asks for a fresh URL each time; never sends the key to another host. */
  open(ctx: FeedContext<Settings>, file: UpstreamFile): Promise<ReadableStream<Uint8Array>>;
  /** Reads one line. Throws `protocol` with reason `bad_line`, quoting nothing of it, where it is not JSON of the upstream's kind; the engine then quarantines the line. */
  identify(line: string): LineIdentity;
  /** The newest event time upstream knows of, as it prints it; undefined where it names none. Evidence, not proof. */
  newest?(ctx: FeedContext<Settings>): Promise<string | undefined>;
}

export type DataSource<Settings = any> = FileFeed<Settings>;

/** Code for one SaaS product. A plain object; it holds no state between calls. */
export interface Connector<Settings = any> {
  /** Folder, id in configuration, and name of the docs page. */
  readonly name: string;
  readonly title: string;
  readonly vendor: string;
  readonly description: string;
  /** Keys are snake_case; `.meta({ title, description, secret, placeholder, advanced, fixed })` draws the form. */
  readonly settings: z.ZodType<Settings, any>;
  /** The known data sources, the most wanted first. */
  readonly dataSources: readonly DataSource<Settings>[];
  /** The data source of that name, known or named by the user after an upstream type; undefined if it cannot be one. */
  resolve(name: string): DataSource<Settings> | undefined;
  /** The key among the settings and where it belongs; rate budgets are kept per credential. */
  credential(settings: Settings): Credential;
  /** What the settings reach, so that two collectors on the same thing can be warned of: `workspace:<id>`. Made of fixed settings only. */
  target(settings: Settings, dataSource: string): string;
  /** The staged connection test; yields each step when it starts (`running`) and again when it has ended. */
  check(ctx: CheckContext<Settings>): AsyncIterable<CheckStep>;
  readonly guide?: Guide;
}

export interface CheckContext<Settings> extends FeedContext<Settings> {
  readonly dataSources: readonly DataSource<Settings>[];
  /** Name look-up, connection and certificate of an address, each a step of its own. */
  probe(url: URL): AsyncIterable<CheckStep>;
}

export const defineConnector = <Settings>(connector: Connector<Settings>): Connector<Settings> => connector;
