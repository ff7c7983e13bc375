// What goes over the wire to ClickHouse, and answers that the engine of the other tests does not give.
import { afterEach, beforeEach, expect, test } from "vitest";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { openSender } from "../testing/destination-contract.ts";
import {
  type LoopbackAnswer,
  type LoopbackRequest,
  type LoopbackServer,
  loopbackServer,
  plainBody,
} from "../testing/loopback-server.ts";
import { clickhouse } from "./clickhouse.ts";
import { toRow } from "./parts/row.ts";

const OURS = { "x-clickhouse-query-id": "1" };
const signal = () => AbortSignal.timeout(10_000);

let server: LoopbackServer;
let requests: LoopbackRequest[];
let answer: LoopbackAnswer;
let sender: ReturnType<typeof openSender>;

beforeEach(async () => {
  requests = [];
  answer = { status: 200, headers: OURS };
  server = await loopbackServer((request) => {
    requests.push(request);
    return answer;
  });
  const settings = {
    url: `${server.url}/behind/a/proxy?cluster=a`,
    database: "security",
    user: "zoë",
    password: "canary-pass",
    allow_networks: "127.0.0.0/8",
  };
  sender = openSender(clickhouse, settings, "/nowhere");
});
afterEach(async () => {
  await sender.close();
  await server.close();
});

const batch = aBatch([anOutgoingEvent({ seq: 1 }), anOutgoingEvent({ seq: 2, time: "" })]);

test("a batch is one insert of compressed lines, with its id as the token", async () => {
  await sender.send(batch, signal());

  const [request] = requests;
  expect(requests).toHaveLength(1);
  expect(request!.method).toBe("POST");
  expect(request!.url.pathname).toBe("/behind/a/proxy");
  expect(Object.fromEntries(request!.url.searchParams)).toEqual({
    cluster: "a",
    query:
      "INSERT INTO `security`.`cistern_events` (key, seq, event_id, collector, collector_id, data_source, type, time, time_text, ingested_at, sitename, siteid, timezone, body) FORMAT JSONEachRow",
    async_insert: "0",
    wait_end_of_query: "1",
    insert_distributed_sync: "1",
    insert_deduplicate: "1",
    insert_deduplication_token: batch.id,
    input_format_allow_errors_num: "0",
    input_format_allow_errors_ratio: "0",
    input_format_null_as_default: "1",
    input_format_skip_unknown_fields: "1",
    date_time_input_format: "best_effort",
  });
  expect(request!.headers).toMatchObject({
    authorization: `Basic ${Buffer.from("zoë:canary-pass").toString("base64")}`,
    "content-encoding": "gzip",
  });
  const lines = plainBody(request!)!.split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.map((line) => JSON.parse(line))).toEqual(batch.events.map(toRow));
});

test("the same batch is the same bytes", async () => {
  await sender.send(batch, signal());
  await sender.send(batch, signal());

  expect(requests[0]!.body.equals(requests[1]!.body)).toBe(true);
  expect(requests[0]!.url.href).toBe(requests[1]!.url.href);
});

test("an exception after the status of a success is an error", async () => {
  answer = { status: 200, headers: OURS, body: "Code: 241. DB::Exception: Memory limit. (MEMORY_LIMIT_EXCEEDED)" };

  await expect(sender.send(batch, signal())).rejects.toMatchObject({ code: "unavailable", reason: "overloaded" });
});

test("a success of something that is not ClickHouse is no delivery", async () => {
  answer = { status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" };

  await expect(sender.send(batch, signal())).rejects.toMatchObject({ code: "config_invalid", reason: "wrong_address" });
});

test("a redirect is not followed", async () => {
  answer = { status: 302, headers: { location: `${server.url}/elsewhere` } };

  await expect(sender.send(batch, signal())).rejects.toMatchObject({ code: "config_invalid", reason: "redirected" });
  expect(requests).toHaveLength(1);
});

test.each([
  ["database", "a`b"],
  ["database", "a.b"],
  ["table", "a b"],
  ["table", ""],
  ["user", "a:b"],
  ["url", "clickhouse:8123"],
])("%s %j is not taken", (field, value) => {
  expect(clickhouse.settings.safeParse({ url: "https://clickhouse.example.com:8443", [field]: value }).success).toBe(
    false,
  );
});
