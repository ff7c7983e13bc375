import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import { CollectorError } from "../model/errors.ts";
import type { OutgoingEvent } from "../model/outgoing.ts";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { credentialOf, expectedSignature } from "../testing/aws-signature.ts";
import { openSender, testDestination } from "../testing/destination-contract.ts";
import { parquetRows } from "../testing/read-parquet.ts";
import { ACCESS_KEY_ID, BUCKET, REGION, SECRET_ACCESS_KEY, s3Server, xmlError } from "../testing/s3-server.ts";
import { s3 } from "./s3.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const settingsFor = (url: string, more: Record<string, unknown> = {}) => ({
  endpoint: url,
  region: REGION,
  bucket: BUCKET,
  path_style: true,
  access_key_id: ACCESS_KEY_ID,
  secret_access_key: SECRET_ACCESS_KEY,
  allow_networks: "127.0.0.0/8 ::1/128",
  ...more,
});

/** The bodies in an object, each as it was delivered. */
async function bodiesOf(key: string, bytes: Buffer): Promise<string[]> {
  if (key.endsWith(".parquet")) return (await parquetRows(bytes)).map(({ body }) => String(body));
  const lines = key.endsWith(".gz") ? gunzipSync(bytes) : key.endsWith(".zst") ? zstdDecompressSync(bytes) : bytes;
  return lines.toString("utf8").slice(0, -1).split("\n");
}

const keyIn = (body: string) => (JSON.parse(body) as { key: string }).key;

const side = (more: Record<string, unknown>) => async () => {
  const server = await s3Server();
  const bodies = async () =>
    (await Promise.all([...server.objects()].map(([key, bytes]) => bodiesOf(key, bytes)))).flat();
  return {
    settings: settingsFor(server.url, more),
    received: async () => (await bodies()).map(keyIn),
    bodyOf: async (key: string) => (await bodies()).find((body) => keyIn(body) === key),
    wrongCredentials: { secret_access_key: "another-secret-than-the-right-one" },
    stop: server.stop,
    close: server.close,
  };
};

describe("as NDJSON in zstd", () => testDestination(s3, side({ prefix: "cistern/prod" })));
describe("as Parquet", () => testDestination(s3, side({ file_type: "parquet", checksum: "md5" })));

async function world(more: Record<string, unknown> = {}) {
  const server = await s3Server();
  cleanUp.push(() => server.close());
  const open = (other: Record<string, unknown> = {}) => {
    const sender = openSender(s3, settingsFor(server.url, { ...more, ...other }), "/nowhere");
    cleanUp.push(() => sender.close());
    return sender;
  };
  return { server, open };
}

const signal = () => AbortSignal.timeout(30_000);
const batchOf = (from: number, count: number, facts = {}) =>
  aBatch(Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: from + i, ...facts })));

describe("objects", () => {
  test("one for each type and hour, whose keys follow from the batch", async () => {
    const { server, open } = await world({ prefix: "logs/cistern", compression: "gzip" });
    const batch = aBatch([
      anOutgoingEvent({ seq: 5, time: "2026-11-22T10:59:59.999999Z" }),
      anOutgoingEvent({ seq: 6, type: "AUDIT_LOG", time: "2026-11-22T10:00:00Z" }),
      anOutgoingEvent({ seq: 7, time: "2026-11-22T12:00:00+01:00" }),
      anOutgoingEvent({ seq: 8, time: "2026-11-22T10:00:00Z" }),
    ]);

    await open().send(batch, signal());
    const before = server.objects();
    await open().send(batch, signal());

    expect(server.objects()).toEqual(before);
    const name = `col_abcdefghijklmnop-5-8-${batch.id}.ndjson.gz`;
    expect([...server.objects().keys()]).toEqual([
      `logs/cistern/type=audit_log/dt=2026-11-22/hh=10/${name}`,
      `logs/cistern/type=conversation_message/dt=2026-11-22/hh=10/${name}`,
      `logs/cistern/type=conversation_message/dt=2026-11-22/hh=11/${name}`,
    ]);
    expect(server.puts).toHaveLength(6);
  });

  test("what a type is called cannot lead anywhere else", async () => {
    const { server, open } = await world({ prefix: "p" });
    const words = ["../../up", "a/b c", "", ".", "ünï", "%2e%2e", "a?b#c&d=e+f", "x".repeat(3_000)];

    await open().send(aBatch(words.map((type, index) => anOutgoingEvent({ seq: index + 1, type }))), signal());

    for (const key of server.objects().keys())
      expect(key).toMatch(/^p\/type=[A-Za-z0-9_][A-Za-z0-9._-]{0,79}\/dt=2026-07-15\/hh=15\/[\w.-]+$/);
    const bodies = await Promise.all([...server.objects()].map(([key, bytes]) => bodiesOf(key, bytes)));
    expect(bodies.flat()).toHaveLength(words.length);
  });

  test("carry their kind, storage class and encryption, all of it signed", async () => {
    const { server, open } = await world({
      storage_class: "STANDARD_IA",
      encryption: "aws:kms",
      kms_key: "arn:aws:kms:eu-central-1:123456789012:key/1",
      session_token: "the/session+token==",
    });

    await open().send(batchOf(1, 1), signal());

    expect(server.puts[0]?.headers).toMatchObject({
      "content-type": "application/zstd",
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:123456789012:key/1",
      "x-amz-security-token": "the/session+token==",
      "x-amz-checksum-sha256": expect.stringMatching(/^[\w+/]{43}=$/),
      "user-agent": "cistern/test",
    });
  });

  test("for Security Lake: OCSF of one class and day each, with columns, ordered by time", async () => {
    const { server, open } = await world({
      layout: "security-lake",
      security_lake_account: "123456789012",
      prefix: "p",
    });
    const ocsf = (seq: number, classUid: number, time: string): OutgoingEvent => {
      const body = {
        class_uid: classUid,
        time: Date.parse(time),
        metadata: { uid: `event-${seq}` },
        unmapped: { seq },
      };
      return anOutgoingEvent({ seq, time, body: JSON.stringify(body) });
    };
    const batch = aBatch([
      ocsf(1, 6003, "2026-11-22T10:00:02Z"),
      ocsf(2, 3002, "2026-11-22T10:00:00Z"),
      ocsf(3, 6003, "2026-11-22T10:00:01Z"),
      ocsf(4, 6003, "2026-11-23T00:00:00Z"),
    ]);

    await open().send(batch, signal());

    const objects = server.objects();
    const place = "region=eu-central-1/accountId=123456789012";
    const name = `col_abcdefghijklmnop-1-4-${batch.id}.parquet`;
    expect([...objects.keys()]).toEqual([
      `ext/cistern-3002/${place}/eventDay=20261122/3002-${name}`,
      `ext/cistern-6003/${place}/eventDay=20261122/6003-${name}`,
      `ext/cistern-6003/${place}/eventDay=20261123/6003-${name}`,
    ]);
    const rows = await parquetRows([...objects.values()][1]!);
    expect(rows.map(({ class_uid, metadata, unmapped }) => [class_uid, metadata, unmapped])).toEqual([
      [6003n, { uid: "event-3" }, '{"seq":3}'],
      [6003n, { uid: "event-1" }, '{"seq":1}'],
    ]);
  });

  test("Security Lake takes no other format, and delivery halts", async () => {
    const { server, open } = await world({ layout: "security-lake", security_lake_account: "123456789012" });

    const sent = open().send(batchOf(1, 2), signal());

    await expect(sent).rejects.toMatchObject({ code: "config_invalid", reason: "format_not_ocsf" });
    expect(server.puts).toEqual([]);
  });
});

describe("what the service answers", () => {
  const failure = async (instead: { status: number; headers?: Record<string, string>; body: string }) => {
    const { server, open } = await world();
    server.instead.push(instead);
    const error: unknown = await open()
      .send(batchOf(1, 3), signal())
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CollectorError);
    return error as CollectorError;
  };

  test.each([
    [403, "AccessDenied", "auth_failed", "access_denied"],
    [403, "InvalidAccessKeyId", "auth_failed", "access_key_unknown"],
    [403, "SignatureDoesNotMatch", "auth_failed", "signature_refused"],
    [400, "ExpiredToken", "auth_failed", "session_expired"],
    [400, "InvalidToken", "auth_failed", "session_token_wrong"],
    [403, "AccountProblem", "auth_failed", "account_refused"],
    [404, "NoSuchBucket", "config_invalid", "bucket_missing"],
    [301, "PermanentRedirect", "config_invalid", "wrong_region"],
    [400, "KMS.NotFoundException", "config_invalid", "kms_key_unusable"],
    [400, "InvalidStorageClass", "config_invalid", "not_supported"],
    [501, "NotImplemented", "config_invalid", "not_supported"],
    [400, "SomethingNewAndUnknown", "config_invalid", "request_refused"],
    [400, "EntityTooLarge", "rejected", "too_large"],
    [400, "BadDigest", "unavailable", "damaged_on_the_way"],
    [400, "RequestTimeout", "unavailable", "damaged_on_the_way"],
    [500, "InternalError", "unavailable", "server_error"],
    [503, "ServiceUnavailable", "unavailable", "server_error"],
    [503, "SlowDown", "rate_limited", "throttled"],
  ])("%i %s is %s, %s", async (status, code, expected, reason) => {
    const error = await failure({ status, headers: { "retry-after": "7" }, body: xmlError(code) });

    expect(error).toMatchObject({ code: expected, reason, status, retryAfterMs: 7_000 });
    expect(error.message).toContain(`${code}, About ${code} & more`);
    expect(error.action).toMatch(/\S/);
  });

  test("the region that it names stands in the remedy", async () => {
    const malformed = xmlError("AuthorizationHeaderMalformed", "<Region>us-west-2</Region>");

    expect((await failure({ status: 400, body: malformed })).action).toBe("Set the region to us-west-2");
  });

  test.each([
    [502, "<html>Bad gateway</html>", "unavailable"],
    [403, "<html>Sign in</html>", "auth_failed"],
    [302, "", "config_invalid"],
    [400, "no XML", "config_invalid"],
    [200, "<html>Welcome to our Wi-Fi</html>", "protocol"],
  ])("an answer of something else, %i %s, is %s", async (status, body, code) => {
    expect((await failure({ status, body })).code).toBe(code);
  });

  test("nothing that was signed or is secret is told", async () => {
    const { open } = await world({
      session_token: "session-token-of-this-test",
      secret_access_key: "not-the-right-secret",
    });

    const error: unknown = await open()
      .send(batchOf(1, 1), signal())
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: "auth_failed", reason: "signature_refused" });
    expect(JSON.stringify([(error as Error).message, error])).not.toMatch(/session-token|not-the-right|x-amz|AWS4/);
  });

  test.each([-3, 5])("a clock that is %i hours off is told, and the service's own is used", async (hours) => {
    const { server, open } = await world();
    server.clock.aheadMs = hours * 3_600_000;
    const sender = open();

    const [first, second] = [await sender.send(batchOf(1, 3), signal()), await sender.send(batchOf(4, 3), signal())];

    expect(server.objects().size).toBe(2);
    expect(first.warning).toBe(second.warning);
    expect(first.warning).toMatch(new RegExp(`${Math.abs(hours) * 60} minutes ${hours > 0 ? "behind" : "ahead of"}`));
  });

  test("a batch that was cut off in its middle is whole after a repeat", async () => {
    const { server, open } = await world();
    const types = ["A", "B", "C"];
    const batch = aBatch(types.map((type, index) => anOutgoingEvent({ seq: index + 1, type })));
    const sender = open();
    const cut = new AbortController();
    const half = sender.send(batch, cut.signal);
    while (server.puts.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    cut.abort(new Error("stopped"));
    await half.catch((reason: unknown) => expect(reason).toBe(cut.signal.reason));

    await sender.send(batch, signal());

    expect([...server.objects().keys()].map((key) => key.slice(0, 6))).toEqual(["type=a", "type=b", "type=c"]);
  });
});

describe("the connection test", () => {
  const steps = async (
    settings: Record<string, unknown>,
    prepare: (server: Awaited<ReturnType<typeof s3Server>>) => void,
  ) => {
    const { server, open } = await world(settings);
    prepare(server);
    const found: CheckStep[] = [];
    for await (const step of open().check(anOutgoingEvent(), signal())) found.push(step);
    return found.filter(({ state }) => state !== "running");
  };

  test("finds a bucket that is not there, or is elsewhere, before anything is put", async () => {
    const absent = await steps({ bucket: "another-bucket" }, () => undefined);
    const elsewhere = await steps({}, ({ instead }) =>
      instead.push({ status: 301, headers: { "x-amz-bucket-region": "us-west-2" }, body: "" }),
    );

    expect(absent.map(({ state }) => state)).toEqual(["failed", "skipped"]);
    expect(absent[0]).toMatchObject({ reason: "bucket_missing", remedy: expect.stringMatching(/\S/) });
    expect(elsewhere[0]).toMatchObject({ reason: "wrong_region", remedy: "Set the region to us-west-2" });
  });

  test("warns of a clock that is off", async () => {
    const date = new Date(Date.now() + 600_000).toUTCString();

    const [connect, deliver] = await steps({}, ({ instead }) =>
      instead.push({ status: 403, headers: { date }, body: "" }),
    );

    expect(connect).toMatchObject({ state: "warning", remedy: expect.stringMatching(/NTP/) });
    expect(deliver).toMatchObject({ state: "ok" });
  });
});

test("the check of signatures itself agrees with the example that AWS published", () => {
  const headers = {
    host: "examplebucket.s3.amazonaws.com",
    date: "Fri, 24 May 2013 00:00:00 GMT",
    "x-amz-date": "20130524T000000Z",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  };
  const credential = credentialOf(headers)!;

  const expected = expectedSignature(
    { method: "PUT", url: "/test$file.text", headers },
    credential,
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  );

  expect(expected).toBe(credential.signature);
});
