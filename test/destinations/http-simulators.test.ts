// The simulated receivers answer a client that knows nothing of ours, curl, as the documentation of what they stand for says.
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { exabeamReceiver } from "../../src/testing/exabeam-receiver.ts";
import { attributeOf, otlpReceiver } from "../../src/testing/otlp-receiver.ts";

const run = promisify(execFile);
const isMissing = spawnSync("curl", ["--version"]).status !== 0;
// Where it must not be missing the tests run, and fail.
const isSkipped = isMissing && process.env.CI !== "true";
const note = isSkipped ? " (skipped: there is no curl here)" : "";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** The status, and what curl printed before it. Bytes go in through its standard input. */
async function curl(url: string, headers: Readonly<Record<string, string>>, body: string | Buffer | undefined) {
  const flags = Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
  const data = body === undefined ? [] : ["--data-binary", "@-"];
  const asking = run("curl", ["--silent", "--max-time", "10", "--write-out", "\n%{http_code}", ...data, ...flags, url]);
  asking.child.stdin?.end(body);
  const { stdout } = await asking;
  const at = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
}

describe.skipIf(isSkipped)(`Exabeam's webhook cloud collector${note}`, () => {
  const TOKEN = "eyJ.token.x";
  const as = (token = TOKEN) => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });
  async function receiving() {
    const receiver = await exabeamReceiver({ token: TOKEN, forbidden: ["eyJ.may-not.x"] });
    cleanUp.push(receiver.close);
    const send = (body: string | Buffer | undefined, headers: Readonly<Record<string, string>> = as(), path = "json") =>
      curl(`${receiver.url}/cloud-collectors/v1/logs/${path}`, headers, body);
    return { receiver, send };
  }

  test("takes arrays, lines and gzip, each log as it is written", async () => {
    const { receiver, send } = await receiving();
    const packed = { ...as(), "content-encoding": "gzip", "content-type": "application/gzip" };

    const answers = [
      await send('[ {"a": 1} ,{"b":"],{"}]'),
      await send('{"c":1}\nplain words\n', { ...as(), "content-type": "text/plain" }, "raw"),
      await send(gzipSync('[{"d":1}]'), packed),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(receiver.logs()).toEqual(['{"a": 1}', '{"b":"],{"}', '{"c":1}', "plain words", '{"d":1}']);
  });

  test("refuses by token, form, type, encoding and size, and takes nothing of it", async () => {
    const { receiver, send } = await receiving();
    const { authorization: _, ...nobody } = as();
    const lines = { ...as(), "content-type": "text/plain" };
    const packed = { ...as(), "content-encoding": "gzip" };
    const bomb = gzipSync(Buffer.alloc(33_000_000, " "));

    const answers = [
      await send("[{}]", nobody),
      await send("[{}]", as("eyJ.other.x")),
      await send("[{}]", as("eyJ.may-not.x")),
      await send('{"a":1}'),
      await send("[1]"),
      await send("[]"),
      await send('[{"a":1}'),
      await send("a\n\nb", lines, "raw"),
      await send("[{}]", lines),
      await send("[{}]", { ...as(), "content-encoding": "br" }),
      await send("no gzip", packed),
      await send(bomb, packed),
      await send("[{}]", as(), "xml"),
      await send(undefined),
    ];

    expect(answers.map(({ status }) => status)).toEqual([
      401, 401, 403, 400, 400, 400, 400, 400, 415, 415, 400, 413, 404, 405,
    ]);
    expect(answers[0]!.text).toBe("Jwt is missing");
    expect(answers[1]!.text).toBe("Jwt issuer is not configured");
    expect(receiver.taken).toEqual([]);
  });
});

describe.skipIf(isSkipped)(`OTLP/HTTP logs${note}`, () => {
  const JSON_TYPE = { "content-type": "application/json" };
  const requestOf = (record: unknown) => JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  async function receiving() {
    const receiver = await otlpReceiver();
    cleanUp.push(receiver.close);
    const send = (body: string | Buffer | undefined, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
      curl(`${receiver.url}/v1/logs`, headers, body);
    return { receiver, send };
  }

  test("takes every kind of value in the documented shape, also compressed, and says nothing of success", async () => {
    const { receiver, send } = await receiving();
    const record = {
      timeUnixNano: "1544712660300000000",
      severityNumber: 10,
      severityText: "Information",
      traceId: "5B8EFFF798038103D269B633813FC60C",
      spanId: "EEE19B7EC3C1B174",
      body: { stringValue: "Example log record" },
      attributes: [
        { key: "s", value: { stringValue: "x" } },
        { key: "b", value: { boolValue: true } },
        { key: "i", value: { intValue: "-10" } },
        { key: "d", value: { doubleValue: 637.704 } },
        { key: "a", value: { arrayValue: { values: [{ stringValue: "many" }, { intValue: "1" }] } } },
        { key: "m", value: { kvlistValue: { values: [{ key: "k", value: { stringValue: "v" } }] } } },
      ],
    };

    const answers = [
      await send(requestOf(record)),
      await send(gzipSync(requestOf(record)), { ...JSON_TYPE, "content-encoding": "gzip" }),
      await send('{"resourceLogs":[]}'),
    ];

    expect(answers).toEqual([1, 2, 3].map(() => ({ status: 200, text: "{}" })));
    expect(receiver.taken.map((taken) => attributeOf(taken, "s"))).toEqual(["x", "x"]);
  });

  test("tells how many it dropped", async () => {
    const { receiver, send } = await receiving();
    receiver.state.drops = () => true;

    const { status, text } = await send(requestOf({ body: { stringValue: "x" } }));

    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ partialSuccess: { rejectedLogRecords: "1" } });
  });

  test.each([
    ["names that are not in lowerCamelCase", requestOf({ time_unix_nano: "1" })],
    ["64-bit integers that are numbers", requestOf({ timeUnixNano: 1_544_712_660_300_000_000 })],
    ["integers of 65 bits", requestOf({ timeUnixNano: "18446744073709551616" })],
    ["times before 1970", requestOf({ timeUnixNano: "-1" })],
    ["enumerations by name", requestOf({ severityNumber: "SEVERITY_NUMBER_INFO" })],
    ["ids that are not hexadecimal", requestOf({ traceId: "W47/95gDgQPSabYzgT/GDA==" })],
    ["values without their kind", requestOf({ body: "x" })],
    ["values of two kinds", requestOf({ body: { stringValue: "x", boolValue: true } })],
    [
      "keys that come twice",
      requestOf({ attributes: ["x", "y"].map((stringValue) => ({ key: "k", value: { stringValue } })) }),
    ],
    ["half a surrogate pair", requestOf({ body: { stringValue: "\ud800" } })],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d])],
    ["something else than JSON", "resourceLogs"],
  ])("refuses %s with a status message", async (_, body) => {
    const { receiver, send } = await receiving();

    const { status, text } = await send(body);

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ message: expect.stringMatching(/\S/) });
    expect(receiver.taken).toEqual([]);
  });

  test("refuses other types, encodings and bodies of more than 20 MiB", async () => {
    const { send } = await receiving();
    const packed = { ...JSON_TYPE, "content-encoding": "gzip" };

    const answers = [
      await send(requestOf({}), { "content-type": "application/x-protobuf" }),
      await send(requestOf({}), { ...JSON_TYPE, "content-encoding": "zstd" }),
      await send(gzipSync(Buffer.alloc(21 * 1_024 * 1_024, " ")), packed),
      await send(undefined),
    ];

    expect(answers.map(({ status }) => status)).toEqual([415, 415, 413, 405]);
  });
});
