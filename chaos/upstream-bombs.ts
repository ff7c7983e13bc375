// Answers that are small on the wire and huge in memory, or that never end. None is inflated, none is kept.
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { createBrotliCompress, createDeflate, createGzip, createZstdCompress } from "node:zlib";
import { rawServer } from "../src/testing/raw-server.ts";
import { refusalOf, wayTo } from "./feed.ts";
import { CleanUp, type Faults } from "./part.ts";

const MB = 1024 ** 2;
const BOMB_MB = 200;
/** What a hostile sender pours out at most, should nobody stop it. */
const FLOOD_MB = 400;
const FILE = { id: "bomb", endTime: "2026-03-01T00:00:00Z", size: 100_000, sha256: "0".repeat(64) };

const encoders = { gzip: createGzip, deflate: createDeflate, br: createBrotliCompress, zstd: createZstdCompress };

/** 200 MB of spaces, a megabyte at a time. */
async function compressed(make: () => NodeJS.ReadWriteStream & NodeJS.WritableStream): Promise<Buffer> {
  const block = Buffer.alloc(MB, " ");
  const encoder = make();
  const parts: Buffer[] = [];
  encoder.on("data", (part: Buffer) => parts.push(part));
  Readable.from(
    (function* () {
      for (let i = 0; i < BOMB_MB; i++) yield block;
    })(),
  ).pipe(encoder);
  await finished(encoder);
  return Buffer.concat(parts);
}

type Write = (socket: Socket) => void;

/** Every bomb, on the API's list and on the storage host. */
export async function bombs(faults: Faults) {
  const writes = await bombWrites();
  const refusals: Record<string, string> = {};
  for (const [name, write] of Object.entries(writes)) {
    for (const place of ["list", "file"] as const) {
      const refusal = await bombed(write, place);
      refusals[`${name}, ${place}`] = refusal ?? "accepted";
      faults.expect(refusal !== undefined, `a bomb was accepted: ${name}, ${place}`);
    }
  }
  return { kinds: Object.keys(refusals).length, bombMb: BOMB_MB, refusals };
}

async function bombed(write: Write, place: "list" | "file"): Promise<string | undefined> {
  const cleanUp = new CleanUp();
  try {
    const server = await rawServer((socket, head) => {
      if (place === "list" || head.includes("/signed")) write(socket);
      else socket.write(`HTTP/1.1 307 X\r\nlocation: ${server.origin}/signed\r\ncontent-length: 0\r\n\r\n`);
    });
    cleanUp.add(() => server.close());
    const way = wayTo(`${server.origin}/v1`);
    cleanUp.add(() => way.outbound.close());
    return await refusalOf(() => (place === "list" ? way.list() : way.fetch(FILE)));
  } finally {
    await cleanUp.run();
  }
}

async function bombWrites(): Promise<Readonly<Record<string, Write>>> {
  const writes: Record<string, Write> = {};
  for (const [name, make] of Object.entries(encoders)) {
    const body = await compressed(make);
    const headers = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
    const encodings = name === "gzip" ? [name, "x-gzip", "gzip, gzip, gzip, gzip, gzip, gzip", "GZIP"] : [name];
    for (const encoding of encodings)
      writes[`uninvited ${encoding}`] = (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${headers}content-encoding: ${encoding}\r\n\r\n`);
        socket.write(body);
      };
    if (name === "gzip")
      writes["gzip as a transfer encoding"] = (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n${body.length.toString(16)}\r\n`);
        socket.write(body);
        socket.end("\r\n0\r\n\r\n");
      };
  }
  const json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
  writes["a body without end"] = (socket) => flood(socket, `${json}\r\n{"data":[`, Buffer.alloc(MB, "1,"));
  writes["a body much longer than it should be"] = (socket) =>
    flood(socket, `${json}content-length: ${FLOOD_MB * MB}\r\n\r\n{"data":[`, Buffer.alloc(MB, "1,"));
  writes["chunk extensions without end"] = (socket) =>
    flood(socket, `${json}transfer-encoding: chunked\r\n\r\n1;a=`, Buffer.alloc(MB, "x"));
  writes["headers without end"] = (socket) =>
    flood(socket, "HTTP/1.1 200 OK\r\n", Buffer.from("x-a: b\r\n".repeat(8_192)));
  writes["one header without end"] = (socket) => flood(socket, "HTTP/1.1 200 OK\r\nx-a: ", Buffer.alloc(MB, "x"));
  writes["a status line without end"] = (socket) => flood(socket, "HTTP/1.1 200 ", Buffer.alloc(MB, "x"));
  return writes;
}

/** Writes blocks as fast as they are taken, until the other side has had enough. */
function flood(socket: Socket, head: string, block: Buffer): void {
  let left = FLOOD_MB * MB;
  const pour = () => {
    while (!socket.destroyed && left > 0) {
      left -= block.length;
      if (!socket.write(block)) return void socket.once("drain", pour);
    }
    socket.end();
  };
  socket.write(head);
  pour();
}
