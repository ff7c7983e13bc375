// The simulated Elasticsearch and OpenSearch answer the clients that their makers publish, which know nothing of ours.
import { Client as ElasticClient } from "@elastic/elasticsearch";
import { Client as OpenSearchClient } from "@opensearch-project/opensearch";
import { afterEach, describe, expect, test } from "vitest";
import {
  ALL_PRIVILEGES,
  type ElasticsearchOptions,
  type ElasticsearchServer,
  elasticsearchServer,
} from "../../src/testing/elasticsearch-server.ts";

const STREAM = "logs-openai.compliance-default";
const ID_AND_KEY = { id: "an-id", api_key: "a-key" };
const ENCODED = Buffer.from("an-id:a-key").toString("base64");
const documents = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({
    "@timestamp": "2026-07-15T15:29:05Z",
    n: from + i,
    words: "é ".repeat(50),
  }));

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function cluster(options: ElasticsearchOptions): Promise<ElasticsearchServer> {
  const server = await elasticsearchServer(options);
  cleanUp.push(server.close);
  return server;
}

describe("the client of Elasticsearch", () => {
  async function elastic(options: ElasticsearchOptions = {}, more: object = {}) {
    const server = await cluster({ apiKeys: { [ENCODED]: ALL_PRIVILEGES }, ...options });
    const settings = { node: server.url, auth: { apiKey: ID_AND_KEY }, maxRetries: 0, compression: true, ...more };
    const client = new ElasticClient(settings);
    cleanUp.push(() => client.close());
    return { server, client };
  }

  const create = (client: ElasticClient, docs: readonly object[], more: object = {}) =>
    client.helpers.bulk({
      datasource: [...docs],
      onDocument: (doc) => ({ create: { _index: STREAM, _id: `id-${(doc as { n: number }).n}` } }),
      wait: 10,
      retries: 2,
      ...more,
    });

  test("takes it for the real one, and learns its version", async () => {
    const { client } = await elastic();

    expect((await client.info()).version.number).toBe("9.4.3");
  });

  test("its bulk helper writes compressed batches, and everything is there once", async () => {
    const { server, client } = await elastic();

    const result = await create(client, documents(500), { flushBytes: 8_000 });

    expect(result).toMatchObject({ total: 500, successful: 500, failed: 0 });
    expect(server.bulks.length).toBeGreaterThan(3);
    expect(server.bulks.every(({ headers }) => headers["content-encoding"] === "gzip")).toBe(true);
    expect((await client.count({ index: STREAM })).count).toBe(500);
  });

  test("its bulk helper hears of conflicts, of what does not fit, and of what is busy", async () => {
    const { server, client } = await elastic();
    await create(client, documents(5));
    let busy = 0;
    server.state.fault = (id) =>
      id === "id-7" && busy++ < 1
        ? { status: 429, type: "es_rejected_execution_exception", reason: "busy" }
        : undefined;
    const dropped: { status: number; type: string | undefined }[] = [];

    const result = await create(
      client,
      [...documents(10), { n: 10 }, { "@timestamp": "2026-07-15T15:29:05Z", n: { is: 11 } }],
      {
        onDrop: ({ status, error }: { status: number; error: { type?: string } | null }) =>
          void dropped.push({ status, type: error?.type }),
      },
    );

    // It counts the two lines of the one document.
    expect(result).toMatchObject({ total: 12, successful: 5, failed: 7, retry: 2 });
    expect(dropped.filter(({ status }) => status === 409)).toHaveLength(5);
    expect(dropped.filter(({ status }) => status === 400).map(({ type }) => type)).toEqual([
      "document_parsing_exception",
      "document_parsing_exception",
    ]);
    expect((await client.count({ index: STREAM })).count).toBe(10);
  });

  test("a data stream takes nothing but new documents", async () => {
    const { client } = await elastic();

    const { errors, items } = await client.bulk({
      operations: [{ index: { _index: STREAM, _id: "1" } }, documents(1)[0]!],
    });

    expect(errors).toBe(true);
    expect(items[0]!.index).toMatchObject({ status: 400, error: { type: "illegal_argument_exception" } });
  });

  test("a failure store makes a success of what does not fit", async () => {
    const { server, client } = await elastic();
    server.state.failureStore = true;

    const { errors, items } = await client.bulk({ operations: [{ create: { _index: STREAM } }, { n: 1 }] });

    expect(errors).toBe(false);
    expect(items[0]!.create).toMatchObject({ status: 201, failure_store: "used" });
  });

  test("privileges, templates, searches and rollovers", async () => {
    const few = { cluster: ["monitor", "manage_index_templates"], index: ["create_doc", "auto_configure"] };
    const { client } = await elastic({ apiKeys: { [ENCODED]: few } });

    const has = await client.security.hasPrivileges({
      cluster: ["monitor"],
      index: [{ names: [STREAM], privileges: ["create_doc", "delete"] }],
    });
    expect(has).toMatchObject({ has_all_requested: false, index: { [STREAM]: { create_doc: true, delete: false } } });

    const template = { mappings: { properties: { message: { type: "match_only_text" as const } } } };
    const put = await client.indices.putIndexTemplate({
      name: "ours",
      index_patterns: ["mine-*"],
      data_stream: {},
      template,
    });
    expect(put.acknowledged).toBe(true);
    expect((await client.indices.getIndexTemplate({ name: "ours" })).index_templates[0]!.name).toBe("ours");

    await create(client, documents(2));
    await client.indices.rollover({ alias: STREAM });
    await create(client, documents(2));
    const found = await client.search({ index: STREAM });
    expect(found.hits.hits.map(({ _id }) => _id)).toEqual(["id-0", "id-1", "id-0", "id-1"]);
  });

  test("filters its answers as it is asked to", async () => {
    const { client } = await elastic();
    const operations = [
      { create: { _index: STREAM, _id: "1" } },
      documents(1)[0]!,
      { create: { _index: STREAM, _id: "1" } },
      documents(1)[0]!,
    ];

    const answer = await client.bulk({ operations, filter_path: "errors,items.*.status,items.*.error.type" });

    expect(answer).toEqual({
      errors: true,
      items: [
        { create: { status: 201 } },
        { create: { status: 409, error: { type: "version_conflict_engine_exception" } } },
      ],
    });
  });

  test("refuses who is not signed in, what is too large, and a privilege that is not there", async () => {
    const { client: stranger } = await elastic({}, { auth: { apiKey: { id: "an-id", api_key: "another" } } });
    const { client: talker } = await elastic({ maxBytes: 1_000 });
    const { client: reader } = await elastic({ apiKeys: { [ENCODED]: { cluster: [], index: [] } } });
    const operations = [
      { create: { _index: STREAM } },
      { "@timestamp": "2026-07-15T15:29:05Z", words: "x".repeat(2_000) },
    ];

    await expect(stranger.info()).rejects.toMatchObject({ statusCode: 401 });
    await expect(talker.bulk({ operations })).rejects.toMatchObject({ statusCode: 413 });
    await expect(reader.info()).rejects.toMatchObject({ statusCode: 403 });
    expect((await reader.bulk({ operations })).items[0]!.create).toMatchObject({ status: 403 });
  });
});

describe("the client of OpenSearch", () => {
  const users = { ada: { password: "not-a-real-password", ...ALL_PRIVILEGES } };

  async function openSearch(auth = { username: "ada", password: "not-a-real-password" }) {
    const server = await cluster({ flavour: "opensearch", users });
    const client = new OpenSearchClient({ node: server.url, auth, maxRetries: 0 });
    cleanUp.push(() => client.close());
    return { server, client };
  }

  test("its bulk helper writes to a data stream that a template makes", async () => {
    const { server, client } = await openSearch();
    expect((await client.info()).body.version.distribution).toBe("opensearch");
    await client.indices.putIndexTemplate({ name: "ours", body: { index_patterns: ["logs-*"], data_stream: {} } });

    const onDocument = (doc: unknown) => ({ create: { _index: STREAM, _id: `id-${(doc as { n: number }).n}` } });
    const first = await client.helpers.bulk({ datasource: documents(20), onDocument });
    const again = await client.helpers.bulk({ datasource: documents(20), onDocument });

    expect(first).toMatchObject({ total: 20, successful: 20, failed: 0 });
    expect(again).toMatchObject({ total: 20, successful: 0, failed: 20 });
    expect(server.streams.find(STREAM)!.isDataStream).toBe(true);
    expect((await client.count({ index: STREAM })).body.count).toBe(20);
  });

  test("without a template the name is that of a plain index, which asks for no time", async () => {
    const { client } = await openSearch();

    const { body } = await client.bulk({ body: [{ create: { _index: STREAM, _id: "1" } }, { n: 1 }] });

    expect(body.items[0]!.create).toMatchObject({ status: 201 });
  });

  test("a type of Elasticsearch alone is refused, and so is a wrong password", async () => {
    const { client } = await openSearch();
    const { client: stranger } = await openSearch({ username: "ada", password: "another" });
    const template = { mappings: { properties: { message: { type: "match_only_text" } } } } as never;

    await expect(
      client.indices.putIndexTemplate({ name: "ours", body: { index_patterns: ["logs-*"], template } }),
    ).rejects.toMatchObject({ statusCode: 400 });
    await expect(stranger.info()).rejects.toMatchObject({ statusCode: 401 });
  });
});
