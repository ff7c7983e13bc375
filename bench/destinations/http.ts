// Destinations behind HTTP. The bare client posts one request after the other with fetch, in the fewest words the service takes.
import { sentinelColumns } from "../../src/destinations/parts/sentinel-columns.ts";
import { ownTokens } from "../../src/testing/cloud-tokens.ts";
import { ALL_PRIVILEGES, elasticsearchServer } from "../../src/testing/elasticsearch-server.ts";
import { exabeamReceiver } from "../../src/testing/exabeam-receiver.ts";
import { googleSecopsSimulator } from "../../src/testing/google-secops-simulator.ts";
import { loopbackServer } from "../../src/testing/loopback-server.ts";
import { otlpReceiver } from "../../src/testing/otlp-receiver.ts";
import { sentinelSimulator } from "../../src/testing/sentinel-simulator.ts";
import { splunkHecServer } from "../../src/testing/splunk-hec-server.ts";
import { type Facts, type Line, LOOPBACK, type Target, textIn } from "./target.ts";

const TOKEN = "11111111-2222-3333-4444-555555555555";
const API_KEY = Buffer.from("bench:only-for-this-run").toString("base64");
const HOUR_S = 3_600;

interface Post {
  readonly path?: string;
  readonly type: string;
  readonly authorization?: string;
  readonly body: string;
}

/** Throws what the server does not take. */
async function post(base: string, { path = "", type, authorization, body }: Post): Promise<string> {
  const headers = { "content-type": type, ...(authorization !== undefined && { authorization }) };
  const answer = await fetch(`${base}${path}`, { method: "POST", headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text.slice(0, 300)}`);
  return text;
}

/** A client that posts what `request` makes of the lines. */
const posting =
  (urlSetting: string, request: (lines: readonly Line[], facts: Facts) => Post) => async (facts: Facts) => ({
    send: (lines: readonly Line[]) => post(textIn(facts, urlSetting), request(lines, facts)),
  });

const bodies = (lines: readonly Line[], between: string) => lines.map(({ body }) => body).join(between);

const webhook: Target = {
  kind: "webhook",
  server: "a receiver that answers 200",
  async serve() {
    const server = await loopbackServer(() => ({ status: 200 }));
    return { settings: { url: server.url, body: "ndjson", ...LOOPBACK }, close: server.close };
  },
  client: posting("url", (lines) => ({ type: "application/x-ndjson", body: `${bodies(lines, "\n")}\n` })),
};

const exabeam: Target = {
  kind: "exabeam",
  server: "the simulator of the tests",
  async serve() {
    const server = await exabeamReceiver({ token: TOKEN });
    return { settings: { url: server.url, token: TOKEN, ...LOOPBACK }, close: server.close };
  },
  client: posting("url", (lines, facts) => ({
    path: "/cloud-collectors/v1/logs/raw",
    type: "text/plain",
    authorization: `Bearer ${textIn(facts, "token")}`,
    body: bodies(lines, "\n"),
  })),
};

const otlp: Target = {
  kind: "otlp",
  server: "the simulator of the tests",
  async serve() {
    const server = await otlpReceiver();
    return { settings: { url: server.url, ...LOOPBACK }, close: server.close };
  },
  client: posting("url", (lines) => ({
    path: "/v1/logs",
    type: "application/json",
    body: JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: lines.map(({ body }) => ({ body: { stringValue: body } })) }] }],
    }),
  })),
};

const splunkHec: Target = {
  kind: "splunk-hec",
  server: "the simulator of the tests",
  async serve() {
    const server = await splunkHecServer({ tokens: { [TOKEN]: {} } });
    return { settings: { url: server.url, token: TOKEN, ...LOOPBACK }, close: server.close };
  },
  client: posting("url", (lines, facts) => ({
    path: "/services/collector/event",
    type: "application/json",
    authorization: `Splunk ${textIn(facts, "token")}`,
    body: lines.map(({ body }) => `{"event":${body}}`).join(""),
  })),
};

const elasticsearch: Target = {
  kind: "elasticsearch",
  server: "the simulator of the tests",
  async serve() {
    const server = await elasticsearchServer({ apiKeys: { [API_KEY]: ALL_PRIVILEGES } });
    const settings = { url: server.url, api_key: API_KEY, data_stream: "logs-bench-default", ...LOOPBACK };
    return { settings, close: server.close };
  },
  client: posting("url", (lines, facts) => ({
    path: `/${textIn(facts, "data_stream")}/_bulk`,
    type: "application/x-ndjson",
    authorization: `ApiKey ${textIn(facts, "api_key")}`,
    body: lines
      .map(
        ({ key, body }) =>
          `{"create":{"_id":"bare ${key}"}}\n{"@timestamp":0,"event":{"original":${JSON.stringify(body)}}}\n`,
      )
      .join(""),
  })),
};

const sentinel: Target = {
  kind: "sentinel",
  server: "the simulator of the tests",
  async serve() {
    const columns = Object.fromEntries(sentinelColumns.map(({ name, type }) => [name, type]));
    const service = await sentinelSimulator(columns);
    const settings = {
      endpoint: service.url,
      dcr_id: service.dcrId,
      tenant_id: service.tenantId,
      client_id: service.clientId,
      client_secret: service.clientSecret,
      authority_host: service.url,
      ...LOOPBACK,
    };
    const token = tokenOf(service.tenantId, "https://monitor.azure.com");
    return { settings, token, close: service.close };
  },
  client: posting("endpoint", (lines, facts) => ({
    path: `/dataCollectionRules/${textIn(facts, "dcr_id")}/streams/Custom-Cistern_CL?api-version=2023-01-01`,
    type: "application/json",
    authorization: `Bearer ${facts.token}`,
    body: JSON.stringify(lines.map(({ body }) => ({ TimeGenerated: new Date().toISOString(), Raw: body }))),
  })),
};

const googleSecops: Target = {
  kind: "google-secops",
  server: "the simulator of the tests",
  async serve() {
    const service = await googleSecopsSimulator();
    const { project, location, instance, forwarder, key, url } = service;
    const settings = {
      ...{ project, location, instance, forwarder, endpoint: url },
      service_account_key: JSON.stringify(key),
      ...LOOPBACK,
    };
    const token = tokenOf(project, "https://www.googleapis.com/auth/cloud-platform");
    return { settings, token, close: service.close };
  },
  client: posting("endpoint", (lines, facts) => {
    const [project, location, instance] = ["project", "location", "instance"].map((name) => textIn(facts, name));
    const at = new Date();
    const times = { log_entry_time: new Date(at.getTime() - 1_000).toISOString(), collection_time: at.toISOString() };
    const logs = lines.map(({ body }) => ({ data: Buffer.from(body).toString("base64"), ...times }));
    return {
      path: `/v1alpha/projects/${project}/locations/${location}/instances/${instance}/logTypes/CHATGPT_AUDIT_LOG/logs:import`,
      type: "application/json",
      authorization: `Bearer ${facts.token}`,
      body: JSON.stringify({ inline_source: { logs } }),
    };
  }),
};

/** As the simulated service issues them for `holder`. */
const tokenOf = (holder: string, aud: string): string =>
  ownTokens(`key of ${holder}`).issue({ aud, exp: Math.floor(Date.now() / 1_000) + HOUR_S });

export const httpTargets: readonly Target[] = [
  webhook,
  splunkHec,
  elasticsearch,
  sentinel,
  googleSecops,
  exabeam,
  otlp,
];
