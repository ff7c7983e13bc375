import { afterEach, describe, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { Sender } from "../model/destination.ts";
import type { CollectorError } from "../model/errors.ts";
import type { OutgoingEvent } from "../model/outgoing.ts";
import { aBatch, anOutgoingEvent, hostileEvents } from "../testing/an-outgoing-event.ts";
import { openSender, testDestination } from "../testing/destination-contract.ts";
import {
  ALL_PRIVILEGES,
  type ElasticsearchOptions,
  type ElasticsearchServer,
  elasticsearchServer,
} from "../testing/elasticsearch-server.ts";
import { hookReceiver } from "../testing/hook-receiver.ts";
import { plainBody } from "../testing/loopback-server.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { ElasticSettings } from "./parts/elastic-settings.ts";

const KEY = "bm90LWEtcmVhbDprZXktb2Ytb3Vycw==";
const STREAM = "logs-openai.compliance-default";
const networks = { allow_networks: "127.0.0.0/8 ::1/128" };
const signal = () => AbortSignal.timeout(30_000);
const events = (count: number) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: i + 1 }));

const documentsIn = ({ streams }: ElasticsearchServer, stream = STREAM) =>
  new Map(streams.find(stream)?.indices.flatMap((index) => [...index]) ?? []);

for (const flavour of ["elasticsearch", "opensearch"] as const) {
  describe(flavour, () => {
    testDestination(elasticsearch, async () => {
      const users = { cistern: { password: "not-a-real-password", ...ALL_PRIVILEGES } };
      const server = await elasticsearchServer({ flavour, apiKeys: { [KEY]: ALL_PRIVILEGES }, users });
      const signIn =
        flavour === "elasticsearch" ? { api_key: KEY } : { username: "cistern", password: "not-a-real-password" };
      const wrong = flavour === "elasticsearch" ? { api_key: "d3Jvbmc6a2V5" } : { password: "another-password" };
      return {
        settings: { url: server.url, ...signIn, install_template: true, ...networks },
        received: async () => [...documentsIn(server).keys()],
        wrongCredentials: wrong,
        stop: server.close,
        close: server.close,
      };
    });
  });
}

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function cluster(options: ElasticsearchOptions = {}): Promise<ElasticsearchServer> {
  const server = await elasticsearchServer(options);
  cleanUp.push(server.close);
  return server;
}

function senderTo(server: ElasticsearchServer, more: Readonly<Record<string, unknown>> = {}): Sender {
  const sender = openSender(elasticsearch, { url: server.url, ...networks, ...more }, "/nowhere");
  cleanUp.push(() => sender.close());
  return sender;
}

async function failureOf(work: Promise<unknown>): Promise<CollectorError> {
  return (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as CollectorError;
}

async function stepsOf(sender: Sender): Promise<readonly CheckStep[]> {
  const steps: CheckStep[] = [];
  for await (const step of sender.check(anOutgoingEvent(), signal())) if (step.state !== "running") steps.push(step);
  return steps;
}

describe("what stands on the wire", () => {
  test("two lines an event, to the byte, compressed, to the stream's own address", async () => {
    const server = await cluster();
    const event = anOutgoingEvent({
      eventId: "e1",
      body: '{"@timestamp":"2026-07-15T15:29:05Z","n":12345678901234567890}',
    });

    await senderTo(server).send(aBatch([event, anOutgoingEvent({ seq: 2 })]), signal());

    const [request] = server.bulks;
    expect(request!.url.pathname).toBe(`/${STREAM}/_bulk`);
    expect(request!.headers).toMatchObject({ "content-encoding": "gzip", "content-type": "application/x-ndjson" });
    const lines = plainBody(request!)!.split("\n");
    expect(lines).toHaveLength(5);
    expect(lines.slice(0, 2)).toEqual([`{"create":{"_id":"${event.key}"}}`, event.body]);
    expect(lines[4]).toBe("");
  });

  test("our own envelope gets the time that a data stream asks for, and is otherwise as it was", async () => {
    const server = await cluster();
    const hostile = hostileEvents();
    // A repeated name is refused by the real thing as well.
    const refused = hostile.findIndex(({ body }) => body.includes('"a":1,"a":2'));

    const sent = await senderTo(server, { install_template: true }).send(aBatch(hostile), signal());

    const documents = documentsIn(server);
    const unlike = hostile.filter(
      ({ key, body }) => documents.get(key) !== `{"@timestamp":"2026-07-15T15:29:05.746561Z",${body.slice(1)}`,
    );
    expect(unlike.map(({ view }) => view.stored.eventId)).toEqual(
      hostile.filter(({ key }) => !documents.has(key)).map(({ view }) => view.stored.eventId),
    );
    expect(sent.refused?.map(({ index }) => index)).toContain(refused);
  });

  test("once the template is there, nothing of hostile upstream text is refused but a repeated name", async () => {
    const server = await cluster();
    const sender = senderTo(server, { install_template: true });
    await stepsOf(sender);
    const hostile = hostileEvents();

    const sent = await sender.send(aBatch(hostile), signal());

    expect(sent.refused?.map(({ index, reason }) => [hostile[index]!.view.stored.eventId, reason])).toEqual([
      ["h5", "mapping"],
    ]);
    expect(documentsIn(server).size).toBe(hostile.length);
  });

  test.each([
    ['{"a":1}', `{"@timestamp":"2026-07-15T15:29:05.746561Z","a":1}`],
    ["{}", `{"@timestamp":"2026-07-15T15:29:05.746561Z"}`],
    ['{"a":{"@timestamp":1}}', `{"@timestamp":"2026-07-15T15:29:05.746561Z","a":{"@timestamp":1}}`],
    ['{"a":1,"@timestamp":"2026-01-01T00:00:00Z"}', '{"a":1,"@timestamp":"2026-01-01T00:00:00Z"}'],
  ])("of the body %s the document is %s", async (body, document) => {
    const server = await cluster();
    const event = anOutgoingEvent({ body });

    await senderTo(server).send(aBatch([event]), signal());

    expect(documentsIn(server).get(event.key)).toBe(document);
  });

  test("an event without a time has that of its collection", async () => {
    const server = await cluster();
    const event = anOutgoingEvent({ time: "", raw: '{"event_id":"e"}' });

    await senderTo(server).send(aBatch([event]), signal());

    expect(documentsIn(server).get(event.key)).toContain('{"@timestamp":"2026-07-15T15:41:00.123Z",');
  });

  test("a key that is too long to be an id is replaced by its hash, and a repeat finds it", async () => {
    const server = await cluster();
    const batch = aBatch([anOutgoingEvent({ eventId: "é".repeat(300) })]);

    const first = await senderTo(server).send(batch, signal());
    const second = await senderTo(server).send(batch, signal());

    expect([first.refused, second.refused]).toEqual([[], []]);
    expect([...documentsIn(server).keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  test.each([
    [{ api_key: "id-of-it:secret-of-it" }, `ApiKey ${Buffer.from("id-of-it:secret-of-it").toString("base64")}`],
    [{ api_key: KEY }, `ApiKey ${KEY}`],
    [{ username: "ada", password: "pass:wörd" }, `Basic ${Buffer.from("ada:pass:wörd").toString("base64")}`],
    [{}, undefined],
  ])("signed in with %j", async (signIn, header) => {
    const server = await cluster();

    await senderTo(server, signIn).send(aBatch(events(1)), signal());

    expect(server.bulks[0]!.headers.authorization).toBe(header);
  });

  test("what stands in the address ahead of our path stays", async () => {
    const proxy = await hookReceiver();
    cleanUp.push(proxy.close);
    const sender = openSender(elasticsearch, { url: `${proxy.url}/search/`, ...networks }, "/nowhere");
    cleanUp.push(() => sender.close());

    await failureOf(sender.send(aBatch(events(1)), signal()));

    expect(proxy.hooks[0]!.path).toMatch(/^\/search\/logs-openai\.compliance-default\/_bulk\?filter_path=/);
  });
});

describe("the answer of each item", () => {
  /** A fault for the events at these places. */
  const faultsAt = (
    server: ElasticsearchServer,
    batch: readonly OutgoingEvent[],
    faults: Record<number, readonly [number, string]>,
  ) => {
    server.state.fault = (id) => {
      const [status, type] = faults[batch.findIndex(({ key }) => key === id)] ?? [];
      return status === undefined ? undefined : { status, type: type!, reason: "why" };
    };
  };

  test("what is busy is tried again, what does not fit is refused, and the rest is taken", async () => {
    const server = await cluster();
    const batch = events(8);
    faultsAt(server, batch, {
      1: [429, "es_rejected_execution_exception"],
      2: [400, "document_parsing_exception"],
      3: [503, "unavailable_shards_exception"],
      4: [400, "mapper_exception_of_others"],
      5: [413, "too_large"],
      6: [403, "cluster_block_exception"],
    });

    const sent = await senderTo(server).send(aBatch(batch), signal());

    expect(sent).toEqual({
      again: [1, 3, 6],
      refused: [
        { index: 2, reason: "mapping", answer: "document_parsing_exception: why" },
        { index: 4, reason: "mapping", answer: "mapper_exception_of_others: why" },
        { index: 5, reason: "too_large", answer: "too_large: why" },
      ],
      warning: undefined,
    });
    expect([...documentsIn(server).keys()]).toEqual([batch[0]!.key, batch[7]!.key]);
  });

  test("what is there already is taken", async () => {
    const server = await cluster();
    const batch = events(5);

    await senderTo(server).send(aBatch(batch.slice(0, 3)), signal());
    const sent = await senderTo(server).send(aBatch(batch), signal());

    expect(sent).toEqual({ refused: [], again: [], warning: undefined });
    expect(documentsIn(server).size).toBe(5);
  });

  test("across a rollover a repeat is a second document, as the guarantee says", async () => {
    const server = await cluster();
    const batch = aBatch(events(2));

    await senderTo(server).send(batch, signal());
    server.streams.find(STREAM)!.indices.push(new Map());
    await senderTo(server).send(batch, signal());

    expect(server.streams.find(STREAM)!.indices.map(({ size }) => size)).toEqual([2, 2]);
    expect(elasticsearch.guaranteeNote).toContain("rollover");
  });

  test("what went to the failure store is taken, and a warning tells of it", async () => {
    const server = await cluster();
    server.state.failureStore = true;
    const good = anOutgoingEvent({ seq: 1, body: '{"a":"text"}' });
    const odd = anOutgoingEvent({ seq: 2, body: '{"a":{"b":1}}' });

    const sent = await senderTo(server).send(aBatch([good, odd]), signal());

    expect(sent).toMatchObject({ refused: [], again: [] });
    expect(sent.warning).toBe(`An event does not fit the mapping of ${STREAM} and went to its failure store`);
  });

  test.each([
    [429, "rate_limited", "throttled"],
    [503, "unavailable", "server_error"],
  ])("where every item is %i the batch waits as %s", async (status, code, reason) => {
    const server = await cluster();
    server.state.fault = () => ({ status, type: "busy", reason: "why" });

    expect(await failureOf(senderTo(server).send(aBatch(events(3)), signal()))).toMatchObject({ code, reason });
  });

  test.each([
    [401, "security_exception", "auth_failed", "privilege_missing"],
    [403, "security_exception", "auth_failed", "privilege_missing"],
    [404, "index_not_found_exception", "config_invalid", "stream_missing"],
  ])("one item with %i halts", async (status, type, code, reason) => {
    const server = await cluster();
    const batch = events(3);
    faultsAt(server, batch, { 1: [status, type] });

    expect(await failureOf(senderTo(server).send(aBatch(batch), signal()))).toMatchObject({ code, reason });
  });

  test("the value that the cluster could not take is not told", async () => {
    const server = await cluster();
    const reason =
      "failed to parse field [a] of type [long] in document with id '1'. Preview of field's value: 'dear Ada'";
    server.state.fault = () => ({ status: 400, type: "document_parsing_exception", reason });

    const sent = await senderTo(server).send(aBatch(events(1)), signal());

    expect(sent.refused![0]!.answer).toContain("failed to parse field [a]");
    expect(sent.refused![0]!.answer).not.toContain("Ada");
  });
});

describe("the answer as a whole", () => {
  test.each([
    [{ status: 413 }, "rejected", "too_large"],
    [{ status: 429, headers: { "retry-after": "3" } }, "rate_limited", "throttled"],
    [{ status: 503 }, "unavailable", "server_error"],
    [{ status: 401 }, "auth_failed", "credentials_refused"],
    [{ status: 403 }, "auth_failed", "credentials_refused"],
    [{ status: 404 }, "config_invalid", "wrong_address"],
    [{ status: 400, body: '{"error":{"type":"invalid_index_name_exception"}}' }, "config_invalid", "request_refused"],
    [{ status: 406 }, "config_invalid", "request_refused"],
    [{ status: 200, body: "<html>sign in</html>" }, "protocol", "unexpected_answer"],
    [{ status: 200, body: '{"errors":false,"items":[]}' }, "protocol", "unexpected_answer"],
    [{ status: 200, body: '{"errors":false}' }, "protocol", "unexpected_answer"],
  ])("%j is %s, %s", async (answer, code, reason) => {
    const server = await cluster();
    server.state.answer = answer;

    const error = await failureOf(senderTo(server).send(aBatch(events(2)), signal()));

    expect(error).toMatchObject({ code, reason });
    expect(error.action).toMatch(/\S/);
    if (answer.status === 429) expect(error.retryAfterMs).toBe(3_000);
  });

  test("a batch of the largest size is answered by less than can be read", async () => {
    const server = await cluster();
    server.state.fault = (id) =>
      id.includes("event-1:") ? undefined : { status: 400, type: "x", reason: "y".repeat(1_000) };
    const batch = aBatch(events(elasticsearch.limits.events));

    const sent = await senderTo(server).send(batch, signal());

    expect(sent.refused).toHaveLength(batch.events.length - 1);
  });
});

describe("the connection test", () => {
  const idsAndStates = (steps: readonly CheckStep[]) => steps.map(({ id, state }) => `${id} ${state}`);
  const withPrivileges = (clusterOnes: string[], index: string[]) =>
    cluster({ apiKeys: { [KEY]: { cluster: clusterOnes, index } } });

  test("everything is asked for, and the template installed", async () => {
    const server = await cluster();

    const steps = await stepsOf(senderTo(server, { install_template: true }));

    expect(idsAndStates(steps)).toEqual(["connect ok", "sign-in ok", "template ok", "deliver ok"]);
    expect(steps[0]!.detail).toContain("is Elasticsearch 9.4.3");
    expect([...server.streams.templates.keys()]).toEqual([`cistern-${STREAM}`]);
    expect(documentsIn(server).size).toBe(1);
  });

  test("OpenSearch cannot be asked for privileges, and takes a template of its own types", async () => {
    const server = await cluster({ flavour: "opensearch" });

    const steps = await stepsOf(senderTo(server, { install_template: true }));

    expect(idsAndStates(steps)).toEqual(["connect ok", "sign-in skipped", "template ok", "deliver ok"]);
    expect(steps[0]!.detail).toContain("is OpenSearch 3.3.0");
    expect(server.streams.find(STREAM)!.isDataStream).toBe(true);
  });

  test("a key that may only create documents is enough where the stream is there", async () => {
    const server = await withPrivileges([], ["create_doc"]);
    server.streams.create(STREAM);

    const steps = await stepsOf(senderTo(server, { api_key: KEY }));

    expect(idsAndStates(steps)).toEqual(["connect ok", "sign-in warning", "deliver ok"]);
    expect(steps[1]!.remedy).toContain("auto_configure");
  });

  test.each([
    [["monitor"], ["auto_configure"], {}, "create_doc"],
    [["monitor"], ["create_doc", "auto_configure"], { install_template: true }, "manage_index_templates"],
  ])("without a privilege that it takes nothing is sent", async (ofCluster, ofIndex, more, missing) => {
    const server = await withPrivileges(ofCluster, ofIndex);

    const steps = await stepsOf(senderTo(server, { api_key: KEY, ...more }));

    expect(idsAndStates(steps)).toEqual(["connect ok", "sign-in failed", "deliver skipped"]);
    expect(steps[1]).toMatchObject({ reason: "privilege_missing", detail: expect.stringContaining(missing) });
    expect(server.bulks).toEqual([]);
  });

  test("a wrong key is told", async () => {
    const steps = await stepsOf(
      senderTo(await cluster({ apiKeys: { [KEY]: ALL_PRIVILEGES } }), { api_key: "d3Jvbmc6a2V5" }),
    );

    expect(idsAndStates(steps)).toEqual(["connect failed", "sign-in skipped", "deliver skipped"]);
    expect(JSON.stringify(steps)).not.toContain("d3Jvbmc6a2V5");
  });

  test("a document that is refused, or goes to the failure store, is no success", async () => {
    const refusing = await cluster();
    refusing.state.fault = () => ({ status: 400, type: "document_parsing_exception", reason: "why" });
    const storing = await cluster();
    storing.state.failureStore = true;
    storing.streams.create(STREAM).mapping.fit({ type: { is: "an object" } });

    expect((await stepsOf(senderTo(refusing))).at(-1)).toMatchObject({ state: "failed", reason: "mapping" });
    expect((await stepsOf(senderTo(storing))).at(-1)).toMatchObject({ state: "warning" });
  });
});

describe("the settings", () => {
  test.each([
    [{ api_key: KEY, username: "ada", password: "p" }, "not both"],
    [{ username: "ada" }, "a user name and a password"],
    [{ data_stream: "Logs-OpenAI" }, "expected the name of a data stream"],
    [{ data_stream: "_logs" }, "expected the name of a data stream"],
    [{ data_stream: "logs,other" }, "expected the name of a data stream"],
    [{ api_key: "with space in it" }, "expected an API key"],
  ])("%j is refused", (wrong, words) => {
    const result = ElasticSettings.safeParse({ url: "https://elastic.example", ...wrong });

    expect(result.error?.message).toContain(words);
  });
});
