import fc from "fast-check";
import { expect, test } from "vitest";
import { answerError, redacted } from "./answer-error.ts";
import { retryAfterMs } from "./retry-after.ts";

const now = new Date("2026-07-15T12:00:00Z");
const about = { host: "api.example", secrets: ["sk-admin-verysecret"], now };
const ofBody = async (body: string, status = 400, headers: Record<string, string> = {}) =>
  await answerError(new Response(body, { status, headers }), about);

test.each([
  [401, "auth_failed"],
  [403, "auth_failed"],
  [400, "rejected"],
  [404, "rejected"],
  [409, "rejected"],
  [410, "rejected"],
  [422, "rejected"],
  [429, "rate_limited"],
  [408, "unavailable"],
  [500, "unavailable"],
  [502, "unavailable"],
  [503, "unavailable"],
  [529, "unavailable"],
])("an answer of %i is %s and keeps its status", async (status, code) => {
  expect(await ofBody("{}", status)).toMatchObject({ code, status });
});

test.each([
  ['{"error":{"message":"Bad id","type":"x"}}', "Bad id"],
  ['{"error":"Bad id"}', "Bad id"],
  ['{"detail":"Bad id"}', "Bad id"],
  ['{"detail":[{"loc":["query","after"],"msg":"Field required","type":"missing"}]}', "query.after: Field required"],
  ['{"message":"Bad id"}', "Bad id"],
  ["Bad id", "Bad id"],
])("reads what %s says", async (body, text) => {
  expect((await ofBody(body)).message).toBe(`api.example answered 400: ${text}`);
});

test("says only the status where the body is empty", async () => {
  expect((await ofBody("", 404)).message).toBe("api.example answered 404");
});

test("a web page is not the service speaking: it refuses no key and misses no file", async () => {
  const page = "<!DOCTYPE html><html><script>alert(1)</script></html>";

  expect(await ofBody(page, 403)).toMatchObject({
    code: "protocol",
    reason: "html_answer",
    message: "api.example answered 403: a web page",
  });
  expect(await ofBody(page, 404)).toMatchObject({ code: "protocol" });
  expect(await ofBody(page, 502, { "content-type": "text/html" })).toMatchObject({ code: "unavailable" });
  expect(await ofBody(page, 429)).toMatchObject({ code: "rate_limited" });
});

test("XML, as a storage host speaks it, is no word of the service either, and is quoted", async () => {
  const xml =
    "<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";

  expect(await ofBody(xml, 403)).toMatchObject({
    code: "protocol",
    reason: "html_answer",
    message: "api.example answered 403: AccessDenied Request has expired",
  });
});

test("never quotes a key, an address's query or a control character, and at most 300 characters", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 600 }),
      fc.string({ unit: "binary", maxLength: 600 }),
      (a, b) => {
        const said = redacted(
          `${a} sk-admin-verysecret ${b} Bearer abc.def sk-proj-1234567890 https://x.example/f?sig=abc`,
          about.secrets,
        );

        expect(said.length).toBeLessThanOrEqual(300);
        expect(said).not.toMatch(/verysecret|abc\.def|1234567890|sig=abc/);
        expect(said).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(said.isWellFormed()).toBe(true);
      },
    ),
  );
});

test("reads no more of a body than it needs", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 10_000;
      controller.enqueue(new Uint8Array(10_000).fill(97));
    },
  });

  const error = await answerError(new Response(endless, { status: 500 }), about);

  expect(error.message.length).toBeLessThan(400);
  expect(sent).toBeLessThan(100_000);
});

test.each([
  ["30", 30_000],
  ["0", 0],
  ["1.5", 1_500],
  [" 7 ", 7_000],
  ["999999", 3_600_000],
  ["Wed, 15 Jul 2026 12:00:45 GMT", 45_000],
  ["Wed, 15 Jul 2026 11:00:00 GMT", 0],
  ["Thu, 16 Jul 2026 12:00:00 GMT", 3_600_000],
  ["soon", undefined],
  ["-5", undefined],
  ["", undefined],
])("takes Retry-After '%s' for %s ms", (value, ms) => {
  expect(retryAfterMs(new Headers({ "retry-after": value }), now)).toBe(ms);
});

test("compares a Retry-After date with the clock of the machine that sent it", () => {
  const headers = new Headers({
    "retry-after": "Wed, 15 Jul 2026 10:00:30 GMT",
    date: "Wed, 15 Jul 2026 10:00:00 GMT",
  });

  expect(retryAfterMs(headers, now)).toBe(30_000);
});

test("hands on how long a refusal asks to wait", async () => {
  expect(await ofBody("{}", 429, { "retry-after": "12" })).toMatchObject({ retryAfterMs: 12_000 });
});
