import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CollectorError } from "../model/errors.ts";
import type { SearchIndex } from "../model/search.ts";
import { aMessage, type FakeLog, fakeLog, firstTimeKey } from "./fake-log.ts";
import { openSearchFollower, type SearchFollower } from "./follower.ts";
import { openSearchIndex } from "./search-index.ts";

let dataDir: string;
let log: FakeLog;
let follower: SearchFollower;
let index: SearchIndex;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-search-"));
  log = fakeLog();
  follower = openSearchFollower(dataDir, log, { batch: 10 });
  index = openSearchIndex(dataDir);
});

afterEach(async () => {
  await index.close();
  await follower.close();
  rmSync(dataDir, { recursive: true });
});

async function catchUp() {
  while ((await follower.step()) > 0);
}

async function found(text: string, more: object = {}): Promise<readonly number[]> {
  const { hits } = await index.search({ text, ...more }, { limit: 100 });
  return hits.map(({ seq }) => seq);
}

async function refusal(text: string): Promise<CollectorError> {
  const error = await index.search({ text }, { limit: 1 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CollectorError);
  return error as CollectorError;
}

test.each([
  ["two-character Chinese words", "我们讨论了数据安全和预算", "预算", "算预"],
  ["Japanese words of Kanji", "来週の会議は東京で行います", "会議", "議会"],
  ["Japanese words of Kana", "サーバーを再起動してください", "サーバー", "サバー"],
  ["half-width Kana as full-width ones", "ｻｰﾊﾞｰを再起動", "サーバー", "サアバア"],
  ["Thai words", "ขอสรุปรายงานการเงินของบริษัท", "การเงิน", "เงินการ"],
  ["Korean words with their particles", "다음 회의를 준비합니다", "회의", "의회"],
  ["Hindi words with vowel signs", "हिन्दी में बजट रिपोर्ट", "रिपोर्ट", "रपर्ट"],
  ["Arabic words without their points", "مُحَاسَبَة الشركة", "محاسبة", "حاسبة"],
  ["words whatever their diacritics", "Überprüfung der Straße in São Paulo", "uberprufung", "berprufung"],
  ["words with diacritics apart", "cafe\u0301 au lait", "café", "cafétéria"],
  ["words whatever their case", "ΑΘΗΝΑ Москва", "москва", "моск"],
  ["emoji", "Launch done 🎉 today", "🎉", "🎈"],
  ["snake_case identifiers", "call read_log_file(path) first", "read_log_file", "log_read_file"],
  ["parts of identifiers", "call read_log_file(path) first", "log", "lo"],
  ["dotted names", "import os.path.join from it", "os.path", "path.os"],
  ["words across languages", "AI会議のまとめ", "AI会議", "会議AI"],
  ["the beginning of a word", "the quarterly forecast", "fore*", "ore*"],
  ["phrases in order", "nothing lost and nothing doubled", '"lost and nothing"', '"nothing and lost"'],
  ["either word", "only apples here", "pears OR apples", "pears OR plums"],
  ["groups", "apples and figs", "(pears OR apples) figs", "(pears OR plums) figs"],
  ["what has not the other word", "apples and figs", "apples -pears", "apples -figs"],
  ["what only excludes", "apples and figs", "-pears", "-figs"],
  ["excluded groups", "apples and figs", "-(pears plums)", "-(pears OR figs)"],
  ["alternatives that exclude", "apples", "figs OR -pears", "figs OR -apples"],
  ["code with parentheses", "run main() and print(total)", "print(total)", "print(sum)"],
])("finds %s", async (_, text, hit, miss) => {
  const { seq } = log.add({ raw: aMessage(text) });
  log.add({ raw: aMessage("figs pears plums x") });
  await catchUp();

  expect(await found(hit)).toContain(seq);
  expect(await found(miss)).not.toContain(seq);
});

test("finds a person by whole address, by parts of it and by id", async () => {
  const alice = log.add({ raw: aMessage("hello", { email: "Alice@example.com" }) }).seq;
  log.add({
    raw: { ...aMessage("hello", { email: "mal.alice@example.com" }), actor: { user_email: "mal.alice@example.com" } },
  });
  await catchUp();

  expect(await found("user:alice@example.com")).toEqual([alice]);
  expect(await found("user:ALICE@EXAMPLE.COM")).toEqual([alice]);
  expect(await found("user:alice@*")).toEqual([alice]);
  expect(await found("user:alice")).toHaveLength(2);
  expect(await found("user:user-abc")).toEqual([alice]);
  expect(await found("text:alice")).toEqual([]);
});

test("finds by field value", async () => {
  const message = log.add({ raw: aMessage("hello", { title: "Budget plan", file: "report final.pdf" }) }).seq;
  const login = log.add({
    dataSource: "auth-log",
    type: "AUTH_LOG",
    raw: {
      type: "AUTH_LOG",
      actor: { type: "ACCOUNT_USER", user_id: "user-x__9f1c2e3a", user_email: "bob@example.com" },
      request_metadata: { client_ip: "203.0.113.7" },
      action_data: { action: "login_success" },
    },
  }).seq;
  await catchUp();

  for (const query of [
    "type:conversation_message",
    "title:budget",
    'file:"report final"',
    "file:file-123",
    "model:gpt-5*",
    "author:assistant",
    "tool:browser",
    "conversation:7a1b2c3d-aaaa-4bbb-8ccc-123456789012",
    "7a1b2c3d-aaaa-4bbb-8ccc-123456789012",
    "id:EVENT-1",
    "source:conversations",
    "-type:AUTH_LOG",
  ])
    expect(await found(query), query).toEqual([message]);
  for (const query of [
    "type:AUTH_LOG",
    "action:login_success",
    "ip:203.0.113.7",
    "ip:203.0.*",
    "user:user-x",
    "source:auth-log",
  ])
    expect(await found(query), query).toEqual([login]);
  expect(await found("site:hq")).toEqual([login, message]);
  expect(await found("title:hello")).toEqual([]);
  expect(await found("conversation:7a1b2c3d")).toEqual([]);
});

test("pages newest first, each event once, also where many share one instant", async () => {
  for (let i = 0; i < 60; i += 1) log.add({ raw: aMessage(`same ${i}`), timeKey: firstTimeKey + (i % 3) });
  await catchUp();

  const seen: { seq: number; timeKey: number }[] = [];
  let after: string | undefined;
  do {
    const { hits, next } = await index.search({ text: "same" }, { after, limit: 7 });
    seen.push(...hits);
    after = next;
  } while (after !== undefined);

  const expected = Array.from({ length: 60 }, (_, i) => ({ seq: i + 1, timeKey: firstTimeKey + (i % 3) })).sort(
    (a, b) => b.timeKey - a.timeKey || b.seq - a.seq,
  );
  expect(seen).toEqual(expected);
});

test("holds more events of one instant than an instant has rows", async () => {
  await follower.close();
  follower = openSearchFollower(dataDir, log, { batch: 1_500 });
  for (let i = 0; i < 5_000; i += 1) log.add({ raw: { text: "crowd" }, timeKey: 0 });
  log.add({ raw: { text: "crowd" }, timeKey: 1 });

  await catchUp();

  expect(await index.count({ text: "crowd" }, 10_000)).toEqual({ count: 5_001, exact: true });
  const { hits } = await index.search({ text: "crowd" }, { limit: 1_000 });
  expect(hits.filter(({ timeKey }) => timeKey !== 0)).toEqual([{ seq: 5_001, timeKey: 1 }]);
});

test("keeps to a range of time, from inclusive, to exclusive, also for late events", async () => {
  const [first, second, third] = [0, 1, 2].map(
    (i) => log.add({ raw: aMessage("tick"), timeKey: firstTimeKey + i }).seq,
  );
  await catchUp();
  const late = log.add({ raw: aMessage("tick"), timeKey: firstTimeKey + 1 }).seq;
  await catchUp();

  expect(await found("tick")).toEqual([third, late, second, first]);
  expect(await found("tick", { fromUs: firstTimeKey + 1, toUs: firstTimeKey + 2 })).toEqual([late, second]);
  expect(await found("", { toUs: firstTimeKey + 1 })).toEqual([first]);
  expect(await found("tick", { fromUs: firstTimeKey + 3 })).toEqual([]);
  expect(await found("tick", { fromUs: firstTimeKey + 2, toUs: firstTimeKey })).toEqual([]);
});

test("takes events with times before 1970 and after what a row can hold", async () => {
  const seqs = [-5, 0, 253_402_300_799_000_000].map((timeKey) => log.add({ raw: aMessage("odd"), timeKey }).seq);
  await catchUp();

  const { hits } = await index.search({ text: "odd" }, { limit: 10 });
  expect(hits.map(({ seq }) => seq)).toEqual([seqs[2], seqs[1], seqs[0]]);
  expect(hits.map(({ timeKey }) => timeKey)).toEqual([253_402_300_799_000_000, 0, -5]);
  expect(await found("odd", { fromUs: 1 })).toEqual([seqs[2]]);
});

test("keeps to the data sources asked for", async () => {
  const one = { collectorId: "col_a", dataSource: "conversations" };
  const two = { collectorId: "col_b", dataSource: "conversations" };
  const a = log.add({ ...one, raw: aMessage("shared") }).seq;
  const b = log.add({ ...two, raw: aMessage("shared") }).seq;
  await catchUp();

  expect(await found("shared", { sources: [one] })).toEqual([a]);
  expect(await found("", { sources: [two] })).toEqual([b]);
  expect(await found("shared OR hello", { sources: [two] })).toEqual([b]);
  expect(await found("-other", { sources: [two] })).toEqual([b]);
  expect(await found("shared", { sources: [two, one] })).toEqual([b, a]);
  expect(await found("shared", { sources: [] })).toEqual([]);
  expect(await found("shared", { sources: [{ collectorId: "col_c", dataSource: "x" }] })).toEqual([]);
  expect(await found(") OR (shared", { sources: [] }).catch((error: CollectorError) => error.code)).toBe("rejected");
});

test("counts exactly up to the limit, then says more", async () => {
  for (let i = 0; i < 30; i += 1) log.add({ raw: aMessage("tally") });
  await catchUp();

  expect(await index.count({ text: "tally" }, 30)).toEqual({ count: 30, exact: true });
  expect(await index.count({ text: "tally" }, 29)).toEqual({ count: 29, exact: false });
  expect(await index.count({ text: "" }, 100)).toEqual({ count: 30, exact: true });
});

test("a count after a search says what is there now", async () => {
  log.add({ raw: aMessage("tally") });
  await catchUp();
  expect(await found("tally")).toHaveLength(1);
  expect(await index.count({ text: "tally" }, 10)).toEqual({ count: 1, exact: true });
  expect(await index.count({ text: "tally" }, 0)).toEqual({ count: 0, exact: false });

  log.add({ raw: aMessage("tally") });
  await catchUp();

  expect(await index.count({ text: "tally" }, 10)).toEqual({ count: 2, exact: true });
  expect(await found("tally")).toHaveLength(2);
  expect(await index.count({ text: "tally", sources: [] }, 10)).toEqual({ count: 0, exact: true });
  expect(await index.count({ text: "quarterly OR tally" }, 10)).toEqual({ count: 2, exact: true });
  expect(await index.count({ text: "other" }, 10)).toEqual({ count: 0, exact: true });
});

test("finds every word with a beginning, however many words there are", async () => {
  const words = Array.from({ length: 300 }, (_, i) => `Begin${String(i).padStart(3, "0")}`);
  const seqs = words.map((word) => log.add({ raw: aMessage(`${word} and begot`) }).seq);
  log.add({ raw: aMessage("the beguine, BEGINNERS and beginning café") });
  await catchUp();

  // 302 words, then 100, 10, one, two that differ in what follows, none.
  expect(await index.count({ text: "begin*" }, 1_000)).toEqual({ count: 301, exact: true });
  expect(await index.count({ text: "BEGIN1*" }, 1_000)).toEqual({ count: 100, exact: true });
  expect(await found("text:begin12*")).toEqual(seqs.slice(120, 130).toReversed());
  expect(await found("begin042*")).toEqual([seqs[42]]);
  expect(await found("beginn*")).toEqual([301]);
  expect(await found("caf*")).toEqual([301]);
  expect(await found("beginx*")).toEqual([]);
  expect(await found("begin12* -begin120*")).toEqual(seqs.slice(121, 130).toReversed());
  expect(await found("nobody OR begin300*")).toEqual([]);
});

test("counts per bucket of time and leaves empty buckets out", async () => {
  const base = firstTimeKey / 1_000;
  for (const ms of [0, 999, 1_000, 3_500, 4_000]) log.add({ raw: aMessage("beat"), timeKey: (base + ms) * 1_000 });
  await catchUp();

  for (const text of ["beat", "", "bea*", "-other"]) {
    const buckets = await index.histogram({ text }, { from: base, to: base + 4_000, stepMs: 1_000 });
    expect(buckets, text).toEqual([
      { at: base, events: 2 },
      { at: base + 1_000, events: 1 },
      { at: base + 3_000, events: 1 },
    ]);
  }
});

test("refuses a histogram of more steps than anyone can see", async () => {
  const error = await index
    .histogram({ text: "" }, { from: 0, to: 1e12, stepMs: 1 })
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: "rejected" });
});

test("answers, with nothing, before there is an index", async () => {
  const empty = openSearchIndex(join(dataDir, "absent"));

  expect(await empty.search({ text: "x" }, { limit: 5 })).toEqual({ hits: [], next: undefined });
  expect(await empty.count({ text: "x" }, 5)).toEqual({ count: 0, exact: true });
  expect(await empty.histogram({ text: "x" }, { from: 0, to: 10, stepMs: 1 })).toEqual([]);
  expect(await empty.progress()).toEqual({ indexedSeq: 0, lastSeq: 0, rebuilding: false });
});

test("says how far it follows the log", async () => {
  for (let i = 0; i < 25; i += 1) log.add({ raw: aMessage("x") });

  await follower.step();
  expect(await index.progress()).toEqual({ indexedSeq: 10, lastSeq: 25, rebuilding: false });
  await catchUp();
  expect(await index.progress()).toEqual({ indexedSeq: 25, lastSeq: 25, rebuilding: false });
});

test.each([
  ['say "this', "The quotation mark at character 5 is not closed"],
  ["(a OR b", "The parenthesis at character 1 is not closed"],
  ["a) b", "The closing parenthesis at character 2 was never opened"],
  ["OR b", "Nothing stands before OR at character 1"],
  ["a OR", "Nothing follows OR at character 3"],
  ["a AND", "Nothing follows AND at character 3"],
  ["a NOT", "Nothing follows NOT at character 3"],
  ["colour:red", "There is no field colour (character 1)"],
  ["user:", "No value follows user: at character 1"],
  ["user:*", "The value of user: at character 1 has no letter or digit"],
  ["... !!", "The query has no word to search for"],
  ["ab*", "ab* at character 1 is too short to be the beginning of a word"],
])("refuses %s and says where", async (text, message) => {
  const error = await refusal(text);

  expect(error.code).toBe("rejected");
  expect(error.message).toBe(message);
  expect(error.action).toBeTruthy();
});

test("refuses a place that no search gave", async () => {
  const error = await index.search({ text: "x" }, { after: "1; DROP", limit: 1 }).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: "rejected" });
});

test("takes any text as a query, or refuses it; the index never sees its signs", async () => {
  log.add({ raw: aMessage("needle") });
  await catchUp();
  const sign = fc.constantFrom(
    ...[
      '"',
      "(",
      ")",
      "*",
      "-",
      ":",
      "^",
      "{",
      "}",
      "+",
      "NEAR(a b)",
      " OR ",
      " AND ",
      " NOT ",
      "user:",
      "text:",
      "needle",
      "\0",
      "'",
    ],
    ...[
      "\ud800",
      "\u0001source\u00031",
      "会",
      "é",
      "🎉",
      "''; DROP TABLE meta",
      "field : x",
      "rowid",
      "{text} : ",
      "a*",
      "ab*",
      "0x7",
    ],
  );
  const hostile = fc.array(fc.oneof(sign, fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 30 });

  await fc.assert(
    fc.asyncProperty(hostile, async (parts) => {
      const text = parts.join("");
      const outcome = await index.search({ text, sources: [] }, { limit: 5 }).catch((error: unknown) => error);
      const second = await index.search({ text, fromUs: 0 }, { limit: 5 }).catch((error: unknown) => error);
      for (const one of [outcome, second]) {
        if (one instanceof Error) expect(one, text).toMatchObject({ name: "CollectorError", code: "rejected" });
      }
    }),
    { numRuns: 2_000 },
  );
});

test("takes the deepest and the longest query that it allows", async () => {
  log.add({ raw: aMessage("needle") });
  await catchUp();
  const deep = `${"(a1b2c3-4 OR -(".repeat(6)}needle${"))".repeat(6)}`;
  const long = Array.from({ length: 64 }, (_, i) => `-abc-1234${i}`).join(" ");

  expect(await found(deep)).toHaveLength(1);
  expect(await found(long)).toHaveLength(1);
  expect((await refusal(`${"(".repeat(13)}a${")".repeat(13)}`)).message).toMatch(/nested/);
  expect((await refusal("ab ".repeat(65))).message).toMatch(/more than 64 words/);
  expect((await refusal("a".repeat(1_001))).message).toMatch(/1001 characters/);
});

test("filters of types and sites stand beside the query: any of their values, and no value changes the query", async () => {
  const message = log.add({ raw: aMessage("budget") }).seq;
  const login = log.add({ raw: { note: "budget" }, type: "AUTH_LOG" }).seq;
  const audit = log.add({ raw: { note: "other" }, type: "AUDIT_LOG" }).seq;
  await catchUp();

  expect(await found("*", { types: ["AUTH_LOG", "AUDIT_LOG"] })).toEqual([audit, login]);
  expect(await found("budget OR nothing", { types: ["AUTH_LOG", "AUDIT_LOG"] })).toEqual([login]);
  expect(await found("-other", { types: ["CONVERSATION_MESSAGE", "AUDIT_LOG"] })).toEqual([message]);
  expect(await found("budget", { types: ['X" OR budget', "---", "("] })).toEqual([]);
  expect(await found("budget", { types: [] })).toEqual([]);
  expect(await found("*", { types: [] })).toEqual([]);
  expect(await found("budget", { sites: ["hq", "elsewhere"], types: ["AUTH_LOG"] })).toEqual([login]);
  expect(await found("*", { sites: ["elsewhere"] })).toEqual([]);
});
