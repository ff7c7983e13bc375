// An Elasticsearch, or an OpenSearch, on loopback, as far as those meet it who write: data streams, bulk requests, templates, privileges.
import { type ElasticsearchState, failed, type Privileges, said } from "./elasticsearch-answers.ts";
import { bulkAnswer } from "./elasticsearch-bulk.ts";
import type { MappingNode } from "./index-mapping.ts";
import {
  type LoopbackAnswer,
  type LoopbackRequest,
  type LoopbackServer,
  loopbackServer,
  plainBody,
} from "./loopback-server.ts";
import { createStreams, type SearchStreams } from "./search-streams.ts";

export interface ElasticsearchOptions {
  readonly flavour?: "elasticsearch" | "opensearch";
  /** Encoded keys, as they stand behind `ApiKey`. */
  readonly apiKeys?: Readonly<Record<string, Privileges>>;
  readonly users?: Readonly<Record<string, { readonly password: string } & Privileges>>;
  /** Largest body, gzip undone. */
  readonly maxBytes?: number;
}

export interface ElasticsearchServer extends LoopbackServer {
  readonly streams: SearchStreams;
  readonly state: ElasticsearchState;
  /** Every bulk request, as it came. */
  readonly bulks: readonly LoopbackRequest[];
}

const VERSIONS = {
  elasticsearch: { number: "9.4.3", build_flavor: "default", lucene_version: "10.3.1" },
  opensearch: { distribution: "opensearch", number: "3.3.0", lucene_version: "10.3.1" },
};

/** Everything that writing with a template of its own needs. */
export const ALL_PRIVILEGES: Privileges = {
  cluster: ["monitor", "manage_index_templates"],
  index: ["create_doc", "auto_configure"],
};

export async function elasticsearchServer(options: ElasticsearchOptions = {}): Promise<ElasticsearchServer> {
  const { flavour = "elasticsearch", maxBytes = 100_000_000 } = options;
  const streams = createStreams(flavour);
  const state: ElasticsearchState = {
    answer: undefined,
    fault: () => undefined,
    failureStore: false,
    autoCreate: true,
  };
  const bulks: LoopbackRequest[] = [];

  function route(request: LoopbackRequest, text: string, mine: Privileges): LoopbackAnswer {
    const { method, url } = request;
    const path = decodeURIComponent(url.pathname);
    const target = /^\/([^/]+)\/(_[a-z]+)$/.exec(path);
    if (path === "/" && (method === "GET" || method === "HEAD")) return info(mine, flavour);
    if (path === "/_bulk" || target?.[2] === "_bulk") {
      bulks.push(request);
      return state.answer ?? bulkAnswer({ text, target: target?.[1], url, mine, streams, state });
    }
    if (path === "/_security/user/_has_privileges" && flavour === "elasticsearch") return privileges(text, mine);
    const template = /^\/_index_template\/([^/]+)$/.exec(path)?.[1];
    if (template !== undefined) return templates(method, template, text, mine);
    if (target && (method === "GET" || method === "POST")) return ofStream(target[1]!, target[2]!);
    return failed(405, "illegal_argument_exception", `no handler found for uri [${path}] and method [${method}]`);
  }

  function templates(method: string, name: string, text: string, mine: Privileges): LoopbackAnswer {
    if (!mine.cluster.includes("manage_index_templates")) return unauthorized("indices:admin/index_template/put");
    if (method === "GET") {
      const body = streams.templates.get(name);
      return body
        ? said({ index_templates: [{ name, index_template: body }] })
        : failed(404, "resource_not_found_exception", name);
    }
    const problem = streams.putTemplate(name, JSON.parse(text) as { template?: { mappings?: MappingNode } });
    return problem === undefined ? said({ acknowledged: true }) : failed(400, "mapper_parsing_exception", problem);
  }

  function ofStream(name: string, verb: string): LoopbackAnswer {
    const stream = streams.find(name);
    if (stream === undefined) return failed(404, "index_not_found_exception", `no such index [${name}]`);
    const documents = stream.indices.flatMap((index) => [...index]);
    if (verb === "_count") return said({ count: documents.length, _shards: { total: 1, successful: 1, failed: 0 } });
    if (verb === "_refresh") return said({ _shards: { total: 1, successful: 1, failed: 0 } });
    if (verb === "_rollover") {
      stream.indices.push(new Map());
      return said({ acknowledged: true, rolled_over: true });
    }
    if (verb !== "_search") return failed(405, "illegal_argument_exception", `no handler found for [${verb}]`);
    const hits = documents.map(
      ([id, source]) => `{"_index":"${name}","_id":${JSON.stringify(id)},"_source":${source}}`,
    );
    return { status: 200, body: `{"took":1,"timed_out":false,"hits":{"hits":[${hits.join(",")}]}}` };
  }

  function answerOf(request: LoopbackRequest): LoopbackAnswer {
    const text = plainBody(request);
    if (text === undefined) return failed(400, "parse_exception", "the body is not what its encoding says");
    if (Buffer.byteLength(text) > maxBytes) return { status: 413 };
    const mine = signedIn(request, options);
    if (mine === undefined) return refusedSignIn();
    const type = request.headers["content-type"] ?? "";
    if (text !== "" && !isKnownType(type, flavour))
      return {
        status: 406,
        body: JSON.stringify({ error: `Content-Type header [${type}] is not supported`, status: 406 }),
      };
    return route(request, text, mine);
  }

  const server = await loopbackServer((request) => {
    const answer = answerOf(request);
    const compatible = /application\/vnd\.elasticsearch\+json; ?compatible-with=\d/.exec(request.headers.accept ?? "");
    const headers = {
      ...(flavour === "elasticsearch" && { "x-elastic-product": "Elasticsearch" }),
      ...(compatible && flavour === "elasticsearch" && { "content-type": compatible[0] }),
    };
    return { ...answer, headers: { ...headers, ...answer.headers } };
  });
  return { ...server, streams, state, bulks };
}

const unauthorized = (action: string) => failed(403, "security_exception", `action [${action}] is unauthorized`);

function info(mine: Privileges, flavour: keyof typeof VERSIONS): LoopbackAnswer {
  if (!mine.cluster.includes("monitor")) return unauthorized("cluster:monitor/main");
  return said({ name: "node-1", cluster_name: "simulated", version: VERSIONS[flavour], tagline: "simulated" });
}

function privileges(text: string, mine: Privileges): LoopbackAnswer {
  const asked = JSON.parse(text) as { cluster?: string[]; index?: { names: string[]; privileges: string[] }[] };
  const has = (names: readonly string[], have: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, have.includes(name)]));
  const cluster = has(asked.cluster ?? [], mine.cluster);
  const index = Object.fromEntries(
    (asked.index ?? []).flatMap(({ names, privileges: of }) =>
      names.map((name) => [name, has(of, mine.index)] as const),
    ),
  );
  const all = [cluster, ...Object.values(index)].flatMap((one) => Object.values(one));
  return said({ username: "someone", has_all_requested: all.every(Boolean), cluster, index, application: {} });
}

function signedIn({ headers }: LoopbackRequest, { apiKeys = {}, users = {} }: ElasticsearchOptions) {
  if (Object.keys(apiKeys).length + Object.keys(users).length === 0) return ALL_PRIVILEGES;
  const [scheme, value = ""] = (headers.authorization ?? "").split(" ");
  if (scheme === "ApiKey") return Object.hasOwn(apiKeys, value) ? apiKeys[value] : undefined;
  if (scheme !== "Basic") return undefined;
  const [name = "", ...password] = Buffer.from(value, "base64").toString("utf8").split(":");
  const user = Object.hasOwn(users, name) ? users[name] : undefined;
  return user?.password === password.join(":") ? user : undefined;
}

function refusedSignIn(): LoopbackAnswer {
  const answer = failed(401, "security_exception", "unable to authenticate for REST request");
  return { ...answer, headers: { "www-authenticate": 'Basic realm="security", ApiKey' } };
}

function isKnownType(type: string, flavour: string): boolean {
  const plain = /^application\/(?:x-ndjson|json)(?:; ?charset=utf-8)?$/i;
  const compatible = /^application\/vnd\.elasticsearch\+(?:x-ndjson|json); ?compatible-with=[89]$/;
  return plain.test(type) || (flavour === "elasticsearch" && compatible.test(type));
}
