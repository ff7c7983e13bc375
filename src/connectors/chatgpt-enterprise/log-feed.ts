// One event type of the Compliance Logs Platform as a file feed: list, then download through a 307 to a signed address.
//
// Surprises of upstream: the file at the boundary may be listed again although `after` is said to be exclusive; an empty page
// has `last_end_time: null`; the signed address is on another host and must not see the key; one type per call, because a key
// is authorised per type and one that is missing fails the whole call.
import { z } from "zod";
import { readJson } from "../../http/read-json.ts";
import type { FeedContext, FileFeed, FilePage, LineIdentity, UpstreamFile } from "../../model/connector.ts";
import { CollectorError } from "../../model/errors.ts";
import { explained, problemError } from "./problems.ts";
import type { Settings } from "./settings.ts";

/** One event type: what it is called and whose it is. */
export interface LogSource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly upstreamType: string;
  readonly scope: "workspace" | "organization";
}

type Context = FeedContext<Settings>;

const LARGEST_PAGE = 100;

const Instant = z.iso.datetime({ offset: true });

const LogFile = z.object({
  id: z.string().min(1).max(500),
  end_time: Instant,
  file_size: z.int().nonnegative(),
  file_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .nullish(),
});

const LogPage = z.object({
  data: z.array(LogFile),
  has_more: z.boolean(),
  last_end_time: Instant.nullish(),
});

const Newest = z.object({ max_event_time: z.record(z.string(), z.string().nullable()) });

export function logFeed(source: LogSource): FileFeed<Settings> {
  const { name, title, description, upstreamType } = source;
  return {
    kind: "files",
    name,
    title,
    description,
    upstreamType,
    maxPageSize: LARGEST_PAGE,
    principal: (settings) => principalOf(settings, source),
    list: (ctx, after, limit) => list(ctx, source, after, limit),
    open: (ctx, file) => open(ctx, source, file),
    identify: (line) => identify(line, upstreamType),
    newest: (ctx) => newest(ctx, source),
  };
}

async function list(ctx: Context, source: LogSource, after: string, limit: number): Promise<FilePage> {
  const url = address(ctx.settings, source, "logs");
  url.searchParams.set("event_type", source.upstreamType);
  url.searchParams.set("after", after);
  url.searchParams.set("limit", String(Math.min(limit, LARGEST_PAGE)));
  const { body, servedAt } = await ask(ctx, source, url, "logs.list", LogPage);
  return {
    files: body.data.map(toUpstreamFile),
    lastEndTime: body.last_end_time ?? undefined,
    more: body.has_more,
    servedAt,
  };
}

async function newest(ctx: Context, source: LogSource): Promise<string | undefined> {
  const url = address(ctx.settings, source, "max_event_time");
  url.searchParams.set("event_type", source.upstreamType);
  try {
    const { body } = await ask(ctx, source, url, "max_event_time", Newest);
    return body.max_event_time[source.upstreamType] ?? undefined;
  } catch (error) {
    // A newer route: where it is not there, nothing is known, and nothing is wrong.
    if (error instanceof CollectorError && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  }
}

/** One answer in JSON, with upstream's clock; refusals come out explained. */
async function ask<Schema extends z.ZodType>(ctx: Context, source: LogSource, url: URL, route: string, schema: Schema) {
  const { settings, upstream, signal } = ctx;
  const asked = { settings, scope: source.scope, type: source.upstreamType };
  try {
    const response = await upstream.get(url, { route: `${source.scope}.${route}`, signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new CollectorError("protocol", `The answer has the status ${response.status} where 200 is documented`, {
        reason: "unexpected_status",
        action: "Look for a proxy between this machine and the API",
      });
    }
    return { body: await readJson(response, schema), servedAt: servedAt(response.headers) };
  } catch (error) {
    throw explained(error, asked);
  }
}

async function open(ctx: Context, source: LogSource, file: UpstreamFile): Promise<ReadableStream<Uint8Array>> {
  const { settings, upstream, signal } = ctx;
  const url = address(settings, source, `logs/${encodeURIComponent(file.id)}`);
  const asked = { settings, scope: source.scope, type: source.upstreamType };
  const answer = await upstream.get(url, { route: `${source.scope}.logs.download`, signal }).catch((error: unknown) => {
    // Of a single file, 404, 410 and 400 are upstream's word on the file; only a refused key concerns more.
    const isKey = error instanceof CollectorError && (error.status === 401 || error.status === 403);
    throw isKey ? explained(error, asked) : error;
  });
  await answer.body?.cancel();
  const { body } = await upstream.getSigned(signedAddress(answer, url), signal);
  if (body === null) throw badRedirect("The signed address gave no file");
  return body;
}

function signedAddress(answer: Response, asked: URL): URL {
  const location = answer.headers.get("location");
  if (answer.status !== 307 || location === null) {
    throw badRedirect("A download must be answered by a 307 that names a signed address");
  }
  const url = URL.parse(location, asked.href);
  if (url === null) throw badRedirect("The signed address cannot be read");
  // Plain http is for a test double on this machine, which then speaks http itself.
  if (url.protocol !== "https:" && !(url.protocol === "http:" && asked.protocol === "http:")) {
    throw badRedirect("The signed address is not https");
  }
  return url;
}

function badRedirect(message: string): CollectorError {
  return new CollectorError("protocol", message, {
    reason: "bad_redirect",
    action: "If it stays, look for a proxy between this machine and the API",
  });
}

// On the hot path: no schema, and no copy.
function identify(line: string, upstreamType: string): LineIdentity {
  const event: unknown = parseLine(line);
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    throw new CollectorError("protocol", "The line is not a JSON object", { reason: "bad_line" });
  }
  const { event_id, timestamp, type, principal } = event as Record<string, unknown>;
  const owner =
    typeof principal === "object" && principal !== null ? (principal as Record<string, unknown>).id : undefined;
  return {
    id: text(event_id),
    time: text(timestamp),
    type: text(type) ?? upstreamType,
    principal: text(owner),
  };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's message quotes the line, which is somebody's conversation.
    throw new CollectorError("protocol", "The line is not JSON", { reason: "bad_line" });
  }
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

function address(settings: Settings, source: LogSource, rest: string): URL {
  const principal = encodeURIComponent(principalOf(settings, source));
  return new URL(`${settings.base_url}/compliance/${source.scope}s/${principal}/${rest}`);
}

function principalOf({ workspace_id, organization_id }: Settings, { scope, upstreamType }: LogSource): string {
  if (scope === "workspace") return workspace_id;
  if (!organization_id) throw problemError("organization_id_missing", upstreamType);
  return organization_id;
}

function servedAt(headers: Headers): string | undefined {
  const at = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

const toUpstreamFile = ({ id, end_time, file_size, file_sha256 }: z.infer<typeof LogFile>): UpstreamFile => ({
  id,
  endTime: end_time,
  size: file_size,
  sha256: file_sha256?.toLowerCase(),
});
