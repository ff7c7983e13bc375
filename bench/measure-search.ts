import { statSync } from "node:fs";
import { join } from "node:path";
import type { SearchIndex } from "../src/model/search.ts";
import { systemMonotonicMs } from "../src/runtime/clock.ts";
import { openSearchFollower } from "../src/search/follower.ts";
import { openSearchIndex } from "../src/search/search-index.ts";
import { openSqliteReader, type SqliteReader } from "../src/store/sqlite/reader.ts";
import { GrownStore } from "./grown-store.ts";
import type { MessagesShape } from "./messages.ts";
import { percentile } from "./percentile.ts";
import { type AskedQuery, type Period, periodOf, queries } from "./queries.ts";
import { note } from "./result.ts";

const PAGE = 50;
/** Beyond, it is "more than". */
const COUNT_LIMIT = 10_000;
/** As the API has it. */
const COUNT_WITHIN_MS = 60;
const ROUNDS = 3;
const PARTS = 10;

export interface SearchRun {
  readonly folder: string;
  readonly shape: MessagesShape;
  readonly events: number;
}

/** Grows a store to `events`, builds its index, and asks. A store and an index that are there already are gone on with. */
export async function measureSearch({ folder, shape, events }: SearchRun) {
  const dataDir = join(folder, "store");
  const store = await GrownStore.open(dataDir, shape);
  note(`growing to ${events} events`);
  await store.growTo(events);
  const stored = store.events;
  await store.close();
  const reader = openSqliteReader(dataDir);
  const indexing = await buildIndex(dataDir, reader, stored);
  const period = periodOf(Math.ceil(stored / shape.linesPerFile), shape.fileMs);
  const figures = await ask(dataDir, reader, period);
  await reader.close();
  return { stored, indexing, ...figures };
}

async function buildIndex(dataDir: string, reader: SqliteReader, stored: number) {
  note("indexing");
  const follower = openSearchFollower(dataDir, reader);
  const overTime: { indexed: number; eventsPerSecond: number }[] = [];
  const started = performance.now();
  let before = { events: 0, at: started };
  let total = 0;
  for (let indexed = await follower.step(); indexed > 0; indexed = await follower.step()) {
    total += indexed;
    if (total - before.events < stored / PARTS && total < stored) continue;
    const at = performance.now();
    overTime.push({ indexed: total, eventsPerSecond: rate(total - before.events, at - before.at) });
    note(`  ${total} of ${stored}: ${overTime.at(-1)!.eventsPerSecond} events/s`);
    before = { events: total, at };
  }
  const eventsPerSecond = rate(total, performance.now() - started);
  await follower.close();
  const indexMb = Math.round(statSync(join(dataDir, "search.db")).size / 2 ** 20);
  return { indexed: total, eventsPerSecond, overTime, indexMb };
}

const rate = (events: number, ms: number) => Math.round(events / (ms / 1_000));

interface Answer extends AskedQuery {
  /** The page with its events, and the count: what a person waits for. */
  readonly pageMs: number;
  readonly countMs: number;
  readonly hits: number;
}

async function ask(dataDir: string, reader: SqliteReader, period: Period) {
  const index = openSearchIndex(dataDir, systemMonotonicMs);
  const phrases = await phrasesOf(reader);
  const asked = queries(period, (place) => phrases[place % phrases.length]!);
  const rounds: Answer[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    note(`asking ${asked.length} queries, round ${round + 1} of ${ROUNDS}`);
    const answers: Answer[] = [];
    for (const one of asked) answers.push(await answer(index, reader, one));
    rounds.push(answers);
  }
  await index.close();
  const all = rounds.flat();
  const kinds = [...new Set(asked.map(({ kind }) => kind))];
  return {
    queries: asked.length,
    rounds: ROUNDS,
    all: figuresOf(all),
    /** Nothing of the index was in SQLite's own cache yet. */
    firstRound: figuresOf(rounds[0]!),
    kinds: Object.fromEntries(kinds.map((name) => [name, figuresOf(all.filter(({ kind }) => kind === name))])),
  };
}

async function answer(index: SearchIndex, reader: SqliteReader, asked: AskedQuery): Promise<Answer> {
  const started = performance.now();
  const { hits } = await index.search(asked.query, { limit: PAGE });
  const events = await reader.eventsBySeq(hits.map(({ seq }) => seq));
  const paged = performance.now();
  const { count } = await index.count(asked.query, COUNT_LIMIT, COUNT_WITHIN_MS);
  const counted = performance.now();
  if (events.length !== Math.min(PAGE, count))
    throw new Error(`${JSON.stringify(asked.query)}: ${count} hits, not shown`);
  return { ...asked, pageMs: paged - started, countMs: counted - paged, hits: count };
}

/** Two or three words in a row out of events all over the log. */
async function phrasesOf(reader: SqliteReader): Promise<readonly string[]> {
  const lastSeq = await reader.lastSeq("col_a");
  const phrases: string[] = [];
  for (let place = 1; place <= 20; place++) {
    const event = await reader.event(Math.max(1, Math.floor((lastSeq * place) / 21)));
    const text = Buffer.from(event?.raw ?? new Uint8Array()).toString("utf8");
    const words = /"(?:value|details)":"((?:[a-z]+ ){6})/.exec(text)?.[1]?.split(" ");
    if (words !== undefined) phrases.push(words.slice(2, 4 + (place % 2)).join(" "));
  }
  return phrases;
}

function figuresOf(answers: readonly Answer[]) {
  const both = ({ pageMs, countMs }: Answer) => pageMs + countMs;
  const slowest = answers.toSorted((a, b) => both(b) - both(a))[0]!;
  return {
    p50Ms: percentile(answers.map(both), 0.5),
    p95Ms: percentile(answers.map(both), 0.95),
    pageP95Ms: percentile(
      answers.map(({ pageMs }) => pageMs),
      0.95,
    ),
    countP95Ms: percentile(
      answers.map(({ countMs }) => countMs),
      0.95,
    ),
    slowest: `${slowest.query.text || "everything"}: ${Math.round(slowest.pageMs)} + ${Math.round(slowest.countMs)} ms, ${slowest.hits} hits`,
  };
}
