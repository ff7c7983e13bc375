// The requests to Elasticsearch and OpenSearch.
import { z } from "zod";
import { type AnswerAbout, outletError } from "../../http/outlet-error.ts";
import type { OutletAnswer, OutletRequest, SenderContext, Sent } from "../../model/destination.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { BULK_PARTS, bulkOutcome } from "./elastic-answer.ts";
import { bulkLines } from "./elastic-document.ts";
import type { ElasticSettings } from "./elastic-settings.ts";
import { type Flavour, indexTemplate, templateName } from "./elastic-template.ts";
import { gzipped } from "./gzip.ts";

export interface Identity {
  readonly flavour: Flavour;
  /** Undefined where we may not ask for it. */
  readonly version: string | undefined;
}

export interface ElasticCluster {
  readonly host: string;
  bulk(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<Sent>;
  /** Which product it is. */
  identity(signal: AbortSignal): Promise<Identity>;
  /** Of these privileges, the ones that are missing; undefined where they cannot be asked for. */
  missing(
    cluster: readonly string[],
    index: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined>;
  installTemplate(flavour: Flavour, signal: AbortSignal): Promise<string>;
}

const Root = z.looseObject({ version: z.looseObject({ number: z.string(), distribution: z.string().optional() }) });
const Has = z.record(z.string(), z.boolean());
const Privileges = z.looseObject({ cluster: Has.default({}), index: z.record(z.string(), Has).default({}) });

export function elasticCluster(context: SenderContext<ElasticSettings>): ElasticCluster {
  const { settings, outlet } = context;
  const { host } = new URL(settings.url);
  const stream = settings.data_stream;
  const about = (): AnswerAbout => ({ host, now: context.now(), secrets: secretsOf(settings) });

  const ask = (path: string, request: Omit<OutletRequest, "signal">, signal: AbortSignal): Promise<OutletAnswer> => {
    const headers = { ...authorization(settings), accept: "application/json", ...request.headers };
    return outlet.request(clusterUrl(settings.url, path), { ...request, headers, signal });
  };
  const sendJson = (method: "POST" | "PUT", path: string, body: object, signal: AbortSignal) =>
    ask(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }, signal);

  return {
    host,
    async bulk(events, signal) {
      const headers = { "content-type": "application/x-ndjson", "content-encoding": "gzip" };
      const body = await gzipped(events.map(bulkLines).join(""));
      const path = `/${encodeURIComponent(stream)}/_bulk?filter_path=${BULK_PARTS}`;
      return bulkOutcome(await ask(path, { method: "POST", headers, body }, signal), events.length, {
        ...about(),
        stream,
      });
    },
    async identity(signal) {
      const answer = await ask("/", { method: "GET" }, signal);
      const root = answer.status === 200 ? parsed(answer.text, Root) : undefined;
      if (root) return { flavour: flavourOf(root.version.distribution), version: root.version.number };
      // A key that may only write may not ask; who answers stands in the head all the same.
      if (answer.status !== 403) throw outletError(answer, about());
      return { flavour: answer.headers.has("x-elastic-product") ? "elasticsearch" : "opensearch", version: undefined };
    },
    async missing(cluster, index, signal) {
      const asked = { cluster, index: [{ names: [stream], privileges: index }] };
      const answer = await sendJson("POST", "/_security/user/_has_privileges", asked, signal);
      // Without its security features the cluster does not know this request.
      if (answer.status === 400 || answer.status === 404 || answer.status === 405) return undefined;
      const has = answer.status === 200 ? parsed(answer.text, Privileges) : undefined;
      if (!has) throw outletError(answer, about());
      return [...absent(cluster, has.cluster), ...absent(index, has.index[stream] ?? {})];
    },
    async installTemplate(flavour, signal) {
      const name = templateName(stream);
      const path = `/_index_template/${encodeURIComponent(name)}`;
      const answer = await sendJson("PUT", path, indexTemplate(stream, flavour), signal);
      if (answer.status !== 200) throw outletError(answer, about());
      return name;
    },
  };
}

const flavourOf = (distribution: string | undefined): Flavour =>
  distribution === "opensearch" ? "opensearch" : "elasticsearch";

const absent = (names: readonly string[], has: Readonly<Record<string, boolean>>) =>
  names.filter((name) => has[name] !== true);

/** What stands in the address ahead of our path stays: a proxy may serve the cluster there. */
function clusterUrl(address: string, path: string): URL {
  const { origin, pathname } = new URL(address);
  return new URL(`${origin}${pathname.replace(/\/$/, "")}${path}`);
}

function authorization({ api_key: key, username, password }: ElasticSettings): Readonly<Record<string, string>> {
  if (key !== undefined) return { authorization: `ApiKey ${encodedKey(key)}` };
  return username === undefined ? {} : { authorization: `Basic ${base64(`${username}:${password}`)}` };
}

const encodedKey = (key: string) => (key.includes(":") ? base64(key) : key);

const base64 = (text: string) => Buffer.from(text).toString("base64");

const secretsOf = ({ api_key: key, username, password }: ElasticSettings): readonly string[] => [
  ...(key === undefined ? [] : [key, encodedKey(key)]),
  ...(password === undefined ? [] : [password, base64(`${username}:${password}`)]),
];

function parsed<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
