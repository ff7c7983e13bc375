import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { z } from "zod";
import { fakeClock } from "../testing/fake-clock.ts";
import { type BodyLimits, limitedBody } from "./limited-body.ts";
import { networkFailure } from "./network-failure.ts";
import { bypasses, bypassList } from "./proxy.ts";
import { readJson } from "./read-json.ts";

const limits: BodyLimits = { maxBytes: 1_000_000, totalMs: 900_000, minBytesPerSecond: 1_024, speedWindowMs: 30_000 };

/** A body that is fed by hand. */
function aBody(clock = fakeClock(), changes: Partial<BodyLimits> = {}) {
  const source = Object.assign(new Readable({ read() {} }), { dump: async () => undefined });
  const about = { name: "files.example", startedMs: 0, failure: (error: unknown) => error };
  return { source, clock, stream: limitedBody(source, { ...limits, ...changes }, clock, about) };
}

test("a body comes through as it is and leaves no timer behind", async () => {
  const { source, stream, clock } = aBody();
  source.push(Buffer.from("one "));
  source.push(Buffer.from("two"));
  source.push(null);

  expect(await new Response(stream).text()).toBe("one two");
  expect(clock.sleepers()).toBe(0);
});

test("a body that drips slower than 1 KB a second is ended within 40 seconds", async () => {
  const { source, stream, clock } = aBody();
  const reading = new Response(stream).text();
  const outcome = reading.then(String, (error: unknown) => error);

  for (let i = 0; i < 4; i += 1) {
    source.push(Buffer.from("x"));
    await clock.advance(10_000);
  }

  expect(await outcome).toMatchObject({ code: "unavailable", reason: "too_slow" });
  expect(source.destroyed).toBe(true);
});

test("a reader that takes its time is not taken for a slow sender", async () => {
  const { source, stream, clock } = aBody();
  const reader = stream.getReader();
  source.push(Buffer.from("x"));
  await reader.read();

  await clock.advance(300_000);
  source.push(Buffer.from("y"));

  expect((await reader.read()).value).toEqual(Buffer.from("y"));
  await reader.cancel();
});

test("a body that never ends is ended after 15 minutes, however fast it is", async () => {
  const { source, stream, clock } = aBody(fakeClock(), { maxBytes: 1e9 });
  const outcome = new Response(stream).arrayBuffer().catch((error: unknown) => error);

  for (let second = 0; second < 920; second += 1) {
    if (!source.destroyed) source.push(Buffer.alloc(10_000));
    await clock.advance(1_000);
  }

  expect(await outcome).toMatchObject({ code: "unavailable", reason: "too_slow" });
});

test("a body larger than its cap is refused at the cap", async () => {
  const { source, stream } = aBody(fakeClock(), { maxBytes: 1_000 });
  source.push(Buffer.alloc(600));
  source.push(Buffer.alloc(600));

  await expect(new Response(stream).text()).rejects.toMatchObject({ code: "protocol", reason: "too_large" });
  expect(source.destroyed).toBe(true);
});

test("a body that nobody wants is drained, one half read is torn down", async () => {
  const unread = aBody();
  await unread.stream.cancel();
  expect(unread.source.destroyed).toBe(false);

  const half = aBody();
  const reader = half.stream.getReader();
  half.source.push(Buffer.from("x"));
  await reader.read();
  await reader.cancel();
  expect(half.source.destroyed).toBe(true);
  expect(half.clock.sleepers()).toBe(0);
});

test("every network error has a sentence, and what lies behind it is found", () => {
  const inner = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
  const outer = new TypeError("fetch failed", { cause: new AggregateError([inner]) });

  expect(networkFailure(outer, "api.example")).toMatchObject({
    code: "unavailable",
    reason: "connection_refused",
    message: "api.example refused the connection",
    cause: outer,
  });
  expect(networkFailure(new Error("odd"), "api.example")).toMatchObject({ code: "unavailable", reason: "network" });
});

test("an abort comes out as what was given for it", () => {
  const signal = AbortSignal.abort(new Error("stopped"));

  expect(networkFailure(new Error("aborted"), "api.example", signal)).toBe(signal.reason);
});

test.each([
  ["https://api.example/x", "example", true],
  ["https://api.example/x", ".example", true],
  ["https://api.example/x", "*.example", true],
  ["https://api.example/x", "api.example:443", true],
  ["https://api.example/x", "api.example:8443", false],
  ["https://notexample/x", "example", false],
  ["https://api.other/x", "a, b c", false],
  ["https://api.other/x", "*", true],
])("%s with NO_PROXY '%s' goes directly: %s", (url, noProxy, direct) => {
  expect(bypasses(new URL(url), bypassList(noProxy))).toBe(direct);
});

const Shape = z.object({ data: z.array(z.object({ id: z.string() })) });

test("reads JSON of the shape that was asked for", async () => {
  expect(await readJson(Response.json({ data: [{ id: "a" }] }), Shape)).toEqual({ data: [{ id: "a" }] });
});

test.each([
  ["<html><body>Please sign in</body></html>", "html_answer"],
  ['{"data":[{"id":"a"', "not_json"],
  ['{"data":[{"id":7}]}', "unexpected_shape"],
  ["", "not_json"],
])("refuses %s without quoting it", async (body, reason) => {
  const error = (await readJson(new Response(body), Shape).catch((thrown: unknown) => thrown)) as Error;

  expect(error).toMatchObject({ code: "protocol", reason });
  expect(error.message).not.toMatch(/sign in|"a"|7/);
});

test("names the place of a wrong shape", async () => {
  await expect(readJson(Response.json({ data: [{ id: 7 }] }), Shape)).rejects.toThrow(/shape: data\.0\.id/);
});
