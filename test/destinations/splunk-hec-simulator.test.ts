// The simulated event collector answers a client that knows nothing of ours, curl, as Splunk's documentation says.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HecServer, splunkHecServer } from "../../src/testing/splunk-hec-server.ts";

const run = promisify(execFile);
const OPEN = "aaaaaaaa-0000-4000-8000-000000000001";
const ACKNOWLEDGING = "aaaaaaaa-0000-4000-8000-000000000002";
const DISABLED = "aaaaaaaa-0000-4000-8000-000000000003";
const CHANNEL = "fe0ecfad-13d5-401b-847d-77833bd77131";

let server: HecServer;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-hec-"));
  const tokens = {
    [OPEN]: { indexes: ["main", "openai"] },
    [ACKNOWLEDGING]: { acknowledgement: true },
    [DISABLED]: { disabled: true },
  };
  server = await splunkHecServer({ tokens, maxBytes: 2_000 });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What curl printed, and the status behind it. */
async function curl(path: string, ...flags: string[]): Promise<readonly [status: number, body: unknown]> {
  const all = ["--silent", "--show-error", "--max-time", "10", "--write-out", "\n%{http_code}", ...flags];
  const { stdout } = await run("curl", [...all, `${server.url}/services/collector${path}`]);
  const at = stdout.lastIndexOf("\n");
  const body = stdout.slice(0, at);
  return [Number(stdout.slice(at + 1)), body.startsWith("{") ? JSON.parse(body) : body];
}

const as = (token: string) => ["--header", `Authorization: Splunk ${token}`];

test("one event, several end to end, and metadata", async () => {
  expect(await curl("/event", ...as(OPEN), "--data", '{"event":"hello world"}')).toEqual([
    200,
    { text: "Success", code: 0 },
  ]);
  const batch =
    '{"event":{"a":1},"time":1437522387.125,"index":"main"}{"event":"two"}\n{"event":"three","fields":{"k":"v"}}';
  expect(await curl("", ...as(OPEN), "--data-binary", batch)).toEqual([200, { text: "Success", code: 0 }]);

  expect(server.taken.map(({ members }) => members.get("event"))).toEqual([
    '"hello world"',
    '{"a":1}',
    '"two"',
    '"three"',
  ]);
  expect(server.taken[3]!.fields).toEqual({ k: "v" });
});

test("a compressed body", async () => {
  const path = join(folder, "body.gz");
  writeFileSync(path, gzipSync('{"event":"packed"}'));

  const answer = await curl("/event", ...as(OPEN), "--header", "Content-Encoding: gzip", "--data-binary", `@${path}`);

  expect(answer[0]).toBe(200);
  expect(server.taken[0]!.members.get("event")).toBe('"packed"');
});

test.each([
  ["no token", [], 401, 2],
  ["another scheme", ["--header", "Authorization: Bearer x"], 401, 3],
  ["an unknown token", as("bbbbbbbb-0000-4000-8000-000000000001"), 403, 4],
  ["a disabled token", as(DISABLED), 403, 1],
])("%s", async (_, flags, status, code) => {
  expect(await curl("/event", ...flags, "--data", '{"event":"x"}')).toEqual([
    status,
    expect.objectContaining({ code }),
  ]);
});

test.each([
  ["nothing", "", 5, undefined],
  ["broken JSON", '{"event":"a"}{"event":', 6, 1],
  ["no event", '{"event":"a"}{"event":"b"}{"time":1}', 12, 2],
  ["a blank event", '{"event":""}', 13, 0],
  ["nested fields", '{"event":"a","fields":{"a":{"b":1}}}', 15, 0],
  ["a time in scientific notation", '{"event":"a","time":1.7E9}', 15, 0],
  ["an index that the token may not write to", '{"event":"a","index":"secret"}', 7, 1],
])("%s is code %3$i", async (_, body, code, number) => {
  const [status, said] = await curl("/event", ...as(OPEN), "--data-binary", body);

  expect([status, (said as { code: number }).code]).toEqual([400, code]);
  expect((said as Record<string, unknown>)["invalid-event-number"]).toBe(number);
  expect(server.taken).toEqual([]);
});

test("a body over the limit, another path, another method", async () => {
  const large = JSON.stringify({ event: "x".repeat(3_000) });

  expect((await curl("/event", ...as(OPEN), "--data", large))[0]).toBe(413);
  expect((await curl("/nowhere", ...as(OPEN), "--data", "{}"))[0]).toBe(404);
  expect((await curl("/event", ...as(OPEN)))[0]).toBe(405);
  expect(await curl("/health")).toEqual([200, { text: "HEC is healthy", code: 17 }]);
});

test("acknowledgements: a channel is needed, and a status is true only once", async () => {
  const channel = ["--header", `X-Splunk-Request-Channel: ${CHANNEL}`];
  const post = (...flags: string[]) => curl("/event", ...as(ACKNOWLEDGING), ...flags, "--data", '{"event":"x"}');
  const ask = (acks: string) => curl(`/ack?channel=${CHANNEL}`, ...as(ACKNOWLEDGING), "--data", acks);

  expect(await post()).toEqual([400, { text: "Data channel is missing", code: 10 }]);
  expect(await post("--header", "X-Splunk-Request-Channel: no-guid")).toEqual([
    400,
    { text: "Invalid data channel", code: 11 },
  ]);
  expect(await post(...channel)).toEqual([200, { text: "Success", code: 0, ackId: 0 }]);
  expect(await post(...channel)).toEqual([200, { text: "Success", code: 0, ackId: 1 }]);
  expect(await ask('{"acks":[0,1,2]}')).toEqual([200, { acks: { 0: true, 1: true, 2: false } }]);
  expect(await ask('{"acks":[0]}')).toEqual([200, { acks: { 0: false } }]);
  expect(await curl("/ack", ...as(OPEN), ...channel, "--data", '{"acks":[0]}')).toEqual([
    400,
    { text: "ACK is disabled", code: 14 },
  ]);
});
