// Answers that come too slowly to be waited for: each is given up within the client's limits.
import type { Socket } from "node:net";
import { type HttpLimits, httpLimits } from "../src/http/transport.ts";
import { rawServer } from "../src/testing/raw-server.ts";
import { refusalOf, wayTo } from "./feed.ts";
import { CleanUp, type Faults } from "./part.ts";

/** The limits are 30 s, and are looked after every 5 s; a quarter of a minute is left to a busy machine. */
const LONGEST_MS = 50_000;
const SHORT: Partial<HttpLimits> = { connectMs: 1_000, headersMs: 2_000, idleMs: 2_000, speedWindowMs: 2_000 };
const DRIP_MS = 500;
const FILE = { id: "slow", endTime: "2026-03-01T00:00:00Z", size: 100_000, sha256: "0".repeat(64) };

/** What is written to each socket that asks for a file, and for which file's sake nothing else comes. */
const kinds: Readonly<Record<string, (socket: Socket, drip: Drip) => void>> = {
  "no answer at all": () => undefined,
  "headers a byte at a time": (socket, drip) => drip(socket, `HTTP/1.1 200 OK\r\nx-slow: ${"a".repeat(1_000)}`),
  "headers that never end": (socket, drip) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    drip(socket, "x-a: b\r\n".repeat(1_000), 8);
  },
  "a body that falls silent": (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${FILE.size}\r\n\r\n${"a".repeat(50_000)}`);
  },
  "a body a byte at a time": (socket, drip) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${FILE.size}\r\n\r\n`);
    drip(socket, "a".repeat(1_000));
  },
  "chunks of one byte": (socket, drip) => {
    socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    drip(socket, "1\r\na\r\n".repeat(1_000), 6);
  },
};

type Drip = (socket: Socket, text: string, bytes?: number) => void;

/** Tries every kind at once, on the API and on the storage host; `real` with the product's own limits. */
export async function slowAnswers(real: boolean, faults: Faults) {
  const cleanUp = new CleanUp();
  const drip: Drip = (socket, text, bytes = 1) => {
    let at = 0;
    const timer = setInterval(() => {
      socket.write(text.slice(at, at + bytes));
      at += bytes;
    }, DRIP_MS);
    socket.once("close", () => clearInterval(timer));
    cleanUp.add(() => clearInterval(timer));
  };
  const limits = real ? {} : { limits: { ...httpLimits, ...SHORT } };
  const longest = { ms: 0 };
  const attempt = async (what: string, baseUrl: string) => {
    const way = wayTo(baseUrl, limits);
    cleanUp.add(() => way.outbound.close());
    const started = performance.now();
    const refusal = await refusalOf(() => way.fetch(FILE));
    const ms = Math.round(performance.now() - started);
    longest.ms = Math.max(longest.ms, ms);
    faults.expect(refusal !== undefined && /^(unavailable|protocol)/.test(refusal), `${what}: ${refusal}`);
    faults.expect(ms < LONGEST_MS, `${what} was waited for ${ms} ms`);
  };
  try {
    const attempts: Promise<void>[] = [];
    for (const [name, write] of Object.entries(kinds)) {
      const api = await rawServer((socket) => write(socket, drip));
      const storage = await rawServer((socket, head) => {
        if (head.includes("/signed")) write(socket, drip);
        else socket.write(`HTTP/1.1 307 X\r\nlocation: ${storage.origin}/signed\r\ncontent-length: 0\r\n\r\n`);
      });
      cleanUp.add(() => Promise.all([api.close(), storage.close()]));
      attempts.push(attempt(`${name}, from the API`, `${api.origin}/v1`));
      attempts.push(attempt(`${name}, from storage`, `${storage.origin}/v1`));
    }
    const silent = await rawServer(() => undefined);
    cleanUp.add(() => silent.close());
    attempts.push(attempt("a TLS handshake that never ends", `https://127.0.0.1:${silent.port}/v1`));
    await Promise.all(attempts);
    return { kinds: attempts.length, longestMs: longest.ms, limits: real ? "the product's" : "shortened" };
  } finally {
    await cleanUp.run();
  }
}
