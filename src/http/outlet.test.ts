import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { anOutlet, failureOf, nameless, TOKEN } from "../testing/an-outlet.ts";
import { rawAnswer, rawServer } from "../testing/raw-server.ts";
import type { OutletOptions } from "./outlet.ts";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function aServer(answer: Parameters<typeof rawServer>[0]) {
  const server = await rawServer(answer);
  cleanUp.push(server.close);
  return server;
}

function anOutletOf(options: Partial<OutletOptions> = {}) {
  const { send, close } = anOutlet(options);
  cleanUp.push(close);
  return send;
}

test("sends what it is given, in our name, and asks for nothing compressed", async () => {
  const server = await aServer((socket) => socket.write(rawAnswer(200, "taken", { "x-kind": "a" })));

  const answer = await anOutletOf()(`${server.origin}/in?x=1`, { headers: { "accept-encoding": "gzip, br" } });

  expect(answer).toMatchObject({ status: 200, text: "taken" });
  expect(answer.headers.get("x-kind")).toBe("a");
  expect(server.heads[0]).toMatch(/^POST \/in\?x=1 HTTP\/1\.1/);
  expect(server.heads[0]).toContain("user-agent: cistern/9.9.9");
  expect(server.heads[0]?.match(/accept-encoding: .*/g)).toEqual(["accept-encoding: identity"]);
});

test.each([301, 302, 303, 307, 308])(
  "an answer of %i comes back as it is, and nobody goes where it leads",
  async (status) => {
    const other = await aServer((socket) => socket.write(rawAnswer(200, "stolen")));
    const server = await aServer((socket) => socket.write(rawAnswer(status, "", { location: `${other.origin}/x` })));

    const answer = await anOutletOf()(server.origin);

    expect(answer.status).toBe(status);
    expect(answer.headers.get("location")).toBe(`${other.origin}/x`);
    expect(other.heads).toEqual([]);
  },
);

test.each([400, 401, 413, 429, 500, 503])("an answer of %i is an answer", async (status) => {
  const server = await aServer((socket) => socket.write(rawAnswer(status, "no")));

  expect(await anOutletOf()(server.origin)).toMatchObject({ status, text: "no" });
});

describe("what does not answer ends within the limit", () => {
  const slow: readonly [string, Parameters<typeof rawServer>[0], string][] = [
    ["a server that is silent", () => undefined, "answer_timeout"],
    ["a server that stops in its headers", (socket) => socket.write("HTTP/1.1 200 OK\r\nx-y: "), "answer_timeout"],
    [
      "a server that sends a byte a second",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
        const drip = setInterval(() => socket.write("x"), 1_000);
        socket.once("close", () => clearInterval(drip));
      },
      "answer_timeout",
    ],
    [
      "one that sends compressed bytes as slowly",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n\r\n");
        const drip = setInterval(() => socket.write("x"), 1_000);
        socket.once("close", () => clearInterval(drip));
      },
      "answer_timeout",
    ],
    ["a server that closes without a word", (socket) => socket.end(), "connection_reset"],
    ["a server that resets", (socket) => socket.resetAndDestroy(), "connection_reset"],
    [
      "a server that closes in the middle of its answer",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
      "connection_reset",
    ],
    ["a server that speaks something else", (socket) => socket.end("220 mail.example ESMTP\r\n"), "network"],
  ];
  test.each(slow)("%s", async (_, answer, reason) => {
    const server = await aServer(answer);
    const startedMs = performance.now();

    const error = await failureOf(anOutletOf()(server.origin, { limitMs: 1_500 }));

    expect(error).toMatchObject({ code: "unavailable", reason });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(String(error)).not.toContain(TOKEN);
  });

  test("a name server that never answers", async () => {
    const send = anOutletOf({ resolve: () => new Promise(() => undefined) });

    const error = await failureOf(send("https://siem.example/", { limitMs: 1_000 }));

    expect(error).toMatchObject({ code: "unavailable", reason: "answer_timeout" });
  });

  test("a proxy that takes the connection and never opens the tunnel", async () => {
    const proxy = await aServer(() => undefined);
    const send = anOutletOf({ proxy: { url: proxy.origin, bypass: [] }, resolve: nameless });

    const error = await failureOf(send("https://siem.example/", { limitMs: 1_000 }));

    expect(proxy.heads).toHaveLength(1);
    expect(error).toMatchObject({ code: "unavailable", reason: "answer_timeout" });
  });

  test("nothing listens", async () => {
    const server = await rawServer(() => undefined);
    await server.close();

    expect(await failureOf(anOutletOf()(server.origin))).toMatchObject({ reason: "connection_refused" });
  });
});

test("an abort ends a request under way, with the reason that was given", async () => {
  const server = await aServer(() => stop.abort(new Error("stopped")));
  const stop = new AbortController();

  expect(await failureOf(anOutletOf()(server.origin, { signal: stop.signal }))).toBe(stop.signal.reason);
  expect(await failureOf(anOutletOf()(server.origin, { signal: stop.signal }))).toBe(stop.signal.reason);
  expect(server.heads).toHaveLength(1);
});

describe("answers that are too much", () => {
  test("are cut at 4 MB, and the connection with them", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await aServer((socket) => {
      socket.once("close", () => closed.resolve());
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 500000000\r\n\r\n`);
      const piece = Buffer.alloc(1_000_000, "x");
      const more = () => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on("drain", more);
      more();
    });

    const { status, text } = await anOutletOf()(server.origin);
    await closed.promise;

    expect(status).toBe(200);
    expect(text).toHaveLength(4_000_000);
  });

  test("are not inflated where they come compressed uninvited; the status counts", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const server = await aServer((socket) => {
      socket.write(`HTTP/1.1 503 X\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });

    const answer = await anOutletOf()(server.origin);

    expect(answer).toMatchObject({ status: 503, text: "" });
    expect(answer.headers.get("content-encoding")).toBe("gzip");
  });

  test("an answer that comes before everything is sent is an answer", async () => {
    const server = await aServer((socket) => socket.write(rawAnswer(413, "too large")));

    const answer = await anOutletOf()(server.origin, { body: Buffer.alloc(30_000_000, "x") });

    expect(answer).toMatchObject({ status: 413, text: "too large" });
  });
});
