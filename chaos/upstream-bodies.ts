// A file's body spoiled in one place, ten thousand times: none is taken for the file. And an engine whose files come spoiled
// several times before they come whole stores exactly the whole ones.
import { hash } from "node:crypto";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { UpstreamFile } from "../src/model/connector.ts";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { faultsOfStore, storedLines } from "./check-store.ts";
import { DATABASE } from "./database-files.ts";
import { engineOn, planFor } from "./engine.ts";
import { refusalOf, wayTo } from "./feed.ts";
import { tempFolder } from "./files.ts";
import { CleanUp, type Faults } from "./part.ts";
import { apiKey, type OwnFile, rawUpstream, whole, workspaceId } from "./raw-upstream.ts";

const LINES = 120;
const AT_ONCE = 4;
/** Of the engine's run. */
const FILES = 20;
const SPOILED_EACH = 3;

type Spoil = (socket: Socket, bytes: Buffer, at: number, random: Random) => void;

const headed = (socket: Socket, length: number, bytes: Buffer) => {
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`);
  socket.write(bytes);
};
const chunked = (socket: Socket, bytes: Buffer, end: string) => {
  socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n`);
  socket.write(bytes);
  socket.end(`\r\n${end}`);
};
const changed = (bytes: Buffer, at: number, to: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = to;
  return copy;
};

/** Each of them makes another body than the one that was listed. */
const spoils: Readonly<Record<string, Spoil>> = {
  "cut, then the end of the connection": (socket, bytes, at) => {
    headed(socket, bytes.length, bytes.subarray(0, at));
    socket.end();
  },
  "cut, then a reset": (socket, bytes, at) => {
    headed(socket, bytes.length, bytes.subarray(0, at));
    socket.resetAndDestroy();
  },
  "cut, its length given as if it were whole": (socket, bytes, at) => headed(socket, at, bytes.subarray(0, at)),
  "cut in a chunk": (socket, bytes, at) => chunked(socket, bytes.subarray(0, at), ""),
  "cut between two chunks": (socket, bytes, at) => {
    if (at === 0) socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n");
    else chunked(socket, bytes.subarray(0, at), "0\r\n\r\n");
  },
  "without a length, cut": (socket, bytes, at) => {
    socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
    socket.end(bytes.subarray(0, at));
  },
  "one bit": (socket, bytes, at, random) =>
    headed(socket, bytes.length, changed(bytes, at, bytes[at]! ^ (1 << random.between(0, 7)))),
  "one byte more": (socket, bytes, at) =>
    headed(socket, bytes.length + 1, Buffer.concat([bytes.subarray(0, at), Buffer.from("x"), bytes.subarray(at)])),
  "one byte less": (socket, bytes, at) =>
    headed(socket, bytes.length - 1, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])),
  "zeros from there on": (socket, bytes, at) =>
    headed(socket, bytes.length, Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)])),
  "more behind it": (socket, bytes, at) =>
    headed(socket, bytes.length + at + 1, Buffer.concat([bytes, bytes.subarray(0, at + 1)])),
};
const spoilNames = Object.keys(spoils);

export async function spoiledBodies(count: number, seed: number, faults: Faults) {
  const cleanUp = new CleanUp();
  try {
    const random = randomOf("bodies", seed);
    const accepted = await spoilOne(count, random, faults, cleanUp);
    const engine = await spoilAndMend(random, faults, cleanUp);
    return { offsets: count, acceptedInPart: accepted, engine };
  } finally {
    await cleanUp.run();
  }
}

async function spoilOne(count: number, random: Random, faults: Faults, cleanUp: CleanUp): Promise<number> {
  const files = Array.from({ length: AT_ONCE }, (_, i) => fileNamed(`body-${i}`, i));
  const next = new Map<string, { spoil: Spoil; at: number }>();
  const { baseUrl, server } = await rawUpstream(files, (socket, file) => {
    const { spoil, at } = next.get(file.id)!;
    spoil(socket, file.bytes, at, random);
  });
  cleanUp.add(() => server.close());
  const way = wayTo(baseUrl);
  cleanUp.add(() => way.outbound.close());
  let left = count;
  let accepted = 0;
  const work = async (file: OwnFile) => {
    for (; left > 0; ) {
      left -= 1;
      const name = spoilNames[left % spoilNames.length]!;
      const at = random.between(0, file.bytes.length - 1);
      next.set(file.id, { spoil: spoils[name]!, at });
      const refusal = await refusalOf(() => way.fetch(listed(file)));
      if (refusal === undefined) accepted += 1;
      faults.expect(refusal !== undefined, `a body was taken for the file although it was spoiled: ${name} at ${at}`);
      const known = /^(protocol\/(size_mismatch|hash_mismatch|bad_http|.*)|unavailable.*)$/.test(refusal ?? "");
      faults.expect(known || refusal === undefined, `a spoiled body was refused as ${refusal}: ${name} at ${at}`);
    }
  };
  await Promise.all(files.map(work));
  return accepted;
}

async function spoilAndMend(random: Random, faults: Faults, cleanUp: CleanUp) {
  const files = Array.from({ length: FILES }, (_, i) => fileNamed(`engine-${i}`, i));
  const served = new Map<string, number>();
  const { baseUrl, server } = await rawUpstream(files, (socket, file) => {
    const times = (served.get(file.id) ?? 0) + 1;
    served.set(file.id, times);
    if (times > SPOILED_EACH) whole(socket, file);
    else spoils[random.pick(spoilNames)]!(socket, file.bytes, random.between(0, file.bytes.length - 1), random);
  });
  cleanUp.add(() => server.close());
  const dataDir = tempFolder(cleanUp);
  const store = await openSqliteStore(dataDir);
  cleanUp.add(() => store.close());
  const { engine, stop } = engineOn(store, { now: () => Date.parse("2026-03-02T00:00:00Z") });
  await engine.apply([planFor({ key: apiKey, workspaceId, baseUrl }, {})]);
  await engine.caughtUp();
  faults.add(...(await stop()));
  faults.add(...faultsOfStore(join(dataDir, DATABASE)));
  const stored = storedLines(join(dataDir, DATABASE), "col_chaos", "conversations");
  const lines = files.flatMap(({ bytes }) => bytes.toString().trimEnd().split("\n"));
  const lost = lines.filter((line) => stored.get(hash("sha256", line)) !== 1).length;
  faults.expect(lost === 0, `${lost} lines of files that came spoiled at first are not stored once`);
  faults.expect(stored.size === lines.length, `${stored.size} lines are stored, ${lines.length} were published`);
  const downloads = [...served.values()].reduce((sum, times) => sum + times, 0);
  return { files: FILES, downloads, lines: stored.size, lost };
}

function fileNamed(id: string, minute: number): OwnFile {
  const endTime = new Date(Date.parse("2026-03-01T00:00:00Z") + minute * 60_000).toISOString();
  const line = (i: number) =>
    JSON.stringify({
      event_id: `${id}-${i}`,
      type: "CONVERSATION_MESSAGE",
      timestamp: endTime,
      principal: { id: workspaceId },
      message: { content: { value: `line ${i} of ${id} `.repeat(8) } },
    });
  return { id, endTime, bytes: Buffer.from(`${Array.from({ length: LINES }, (_, i) => line(i)).join("\n")}\n`) };
}

const listed = ({ id, endTime, bytes }: OwnFile): UpstreamFile => ({
  id,
  endTime,
  size: bytes.length,
  sha256: hash("sha256", bytes),
});
