// Hostile contents, from upstream through the store, the export and the search: every byte as it came, every event found by its
// word, and what is no event set aside with its bytes.
import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { randomOf } from "../src/sandbox/random.ts";
import { openSearchFollower } from "../src/search/follower.ts";
import { openSearchIndex } from "../src/search/search-index.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { faultsOfStore } from "./check-store.ts";
import { type HostileLine, hostileLines } from "./content-lines.ts";
import { DATABASE } from "./database-files.ts";
import { tempFolder } from "./files.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";
import { productCommand, startProduct, writeConfiguration } from "./product.ts";
import { apiKey, type OwnFile, rawUpstream, whole, workspaceId } from "./raw-upstream.ts";

const LINES_A_FILE = 200;
const MB = 1024 ** 2;
/** A few of these go through the command line as well. */
const BY_COMMAND = 3;
const BYTE_ORDER_MARK = Buffer.from("\ufeff");

/** `count` contents; with a thousand and more of them, four lines of 16 MB besides. */
export async function content({ seed, count, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const folder = tempFolder(cleanUp);
    const started = performance.now();
    const long = count >= 1_000 ? { count: 4, bytes: 16 * MB } : { count: 1, bytes: 2 * MB };
    const lines = [...hostileLines(count, long, randomOf("content", seed))];
    const { baseUrl, server } = await rawUpstream(filesOf(lines), whole);
    cleanUp.add(() => server.close());
    const upstream = { key: apiKey, workspaceId, baseUrl };
    const config = writeConfiguration(folder, upstream, [{ name: "hostile", dataSources: ["conversations"] }]);
    const dataDir = join(folder, "data");
    const run = startProduct(["run", "--until-caught-up", "--config", config, "--data-dir", dataDir], {}, cleanUp);
    // What was set aside needs a person, which the exit code says.
    const code = await run.ended;
    faults.expect(code === 0 || code === 1, `the run ended with ${code}: ${run.said().slice(-1_000)}`);
    note("collected");
    faults.add(...faultsOfStore(join(dataDir, DATABASE)));
    const stored = checkStore(lines, dataDir, faults);
    const exported = await checkExport(lines, dataDir, faults);
    note("exported");
    const found = await checkSearch(lines, dataDir, cleanUp, faults);
    const kinds = new Set(lines.map(({ kind }) => kind)).size;
    const seconds = Math.round((performance.now() - started) / 1_000);
    const figures = { contents: lines.length, kinds, longBytes: long.bytes, ...stored, exported, found, seconds };
    return { figures, faults: faults.list() };
  } finally {
    await cleanUp.run();
  }
}

/** Files of some hundred lines; a line of many megabytes is one of its own. Every third begins with a byte order mark. */
function filesOf(lines: readonly HostileLine[]): readonly OwnFile[] {
  const groups: HostileLine[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last === undefined || last.length >= LINES_A_FILE || line.bytes.length > MB) groups.push([line]);
    else last.push(line);
  }
  return groups.map((group, i) => {
    const parts = group.flatMap(({ bytes }, at) => (at === 0 ? [bytes] : [Buffer.from("\n"), bytes]));
    const mark = i % 3 === 0 ? [BYTE_ORDER_MARK] : [];
    const end = i % 2 === 0 ? [Buffer.from("\n")] : [];
    const endTime = new Date(Date.parse("2026-03-01T00:00:00Z") + i * 60_000).toISOString();
    return { id: `file-${i}`, endTime, bytes: Buffer.concat([...mark, ...parts, ...end]) };
  });
}

const byHash = (lines: readonly HostileLine[], isEvent: boolean) =>
  new Map(lines.filter((line) => line.isEvent === isEvent).map((line) => [hash("sha256", line.bytes), line]));

/** Events among the events, everything else among what was set aside, byte for byte, once each. */
function checkStore(lines: readonly HostileLine[], dataDir: string, faults: Faults) {
  const db = new DatabaseSync(join(dataDir, DATABASE), { readOnly: true });
  try {
    const events = db.prepare("SELECT raw AS bytes FROM events").iterate();
    const quarantined = db.prepare("SELECT bytes FROM quarantine").iterate();
    return {
      events: tickOff("the store", byHash(lines, true), bytesOf(events), faults),
      quarantined: tickOff("what was set aside", byHash(lines, false), bytesOf(quarantined), faults),
    };
  } finally {
    db.close();
  }
}

function* bytesOf(rows: Iterable<Record<string, unknown>>): Generator<Uint8Array> {
  for (const { bytes } of rows) yield bytes as Uint8Array;
}

/** Notes what is missing, there twice, or not one of those that were sent. Returns how many were right. */
function tickOff(where: string, wanted: Map<string, HostileLine>, found: Iterable<Uint8Array>, faults: Faults): number {
  const all = wanted.size;
  for (const bytes of found)
    if (!wanted.delete(hash("sha256", bytes)))
      faults.add(`${where} has bytes that were not sent, or has them twice: ${shown(bytes)}`);
  for (const { kind, word } of wanted.values()) faults.add(`${where} lacks ${word} (${kind})`);
  return all - wanted.size;
}

const shown = (bytes: Uint8Array) => JSON.stringify(Buffer.from(bytes.subarray(0, 80)).toString("latin1"));

async function checkExport(lines: readonly HostileLine[], dataDir: string, faults: Faults): Promise<number> {
  const child = spawn(process.execPath, productCommand(["events", "export", "--data-dir", dataDir]), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const raws: Uint8Array[] = [];
  for await (const line of linesOf(child.stdout)) raws.push(rawOf(line, faults));
  const [code] = await ended;
  faults.expect(code === 0, `the export ended with ${String(code)}`);
  return tickOff("the export", byHash(lines, true), raws, faults);
}

async function* linesOf(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of output) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]);
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  }
}

/** The bytes of an exported event. The line as a whole is JSON that anybody can read. */
function rawOf(line: Buffer, faults: Faults): Uint8Array {
  const text = line.toString("utf8");
  try {
    const { raw_base64: base64 } = JSON.parse(text) as { raw_base64?: string };
    if (base64 !== undefined) return Buffer.from(base64, "base64");
  } catch (error) {
    faults.add(`an exported line is not JSON (${String(error).slice(0, 60)}): ${text.slice(0, 300)}`);
  }
  const member = ',"raw":';
  return line.subarray(line.indexOf(member) + member.length, line.length - 1);
}

async function checkSearch(
  lines: readonly HostileLine[],
  dataDir: string,
  cleanUp: CleanUp,
  faults: Faults,
): Promise<number> {
  const reader = openSqliteReader(dataDir);
  const follower = openSearchFollower(dataDir, reader);
  while ((await follower.step()) > 0);
  await follower.close();
  const index = openSearchIndex(dataDir);
  let found = 0;
  for (const { word, kind, bytes, isEvent } of lines) {
    const { hits } = await index.search({ text: word }, { limit: 10 });
    const event = hits.length === 1 ? await reader.event(hits[0]!.seq) : undefined;
    const isRight = isEvent ? event !== undefined && bytes.equals(event.raw) : hits.length === 0;
    faults.expect(isRight, `${word} (${kind}) is found ${hits.length} times`);
    if (isEvent && isRight) found += 1;
  }
  await index.close();
  await reader.close();
  for (const { word } of lines.filter(({ isEvent }) => isEvent).slice(0, BY_COMMAND)) {
    const search = startProduct(["events", "search", word, "--data-dir", dataDir], {}, cleanUp);
    await search.ended;
    faults.expect(search.said().includes("1 of 1 events"), `cistern events search ${word}: ${search.said()}`);
  }
  return found;
}
