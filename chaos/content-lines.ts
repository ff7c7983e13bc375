// Lines that a careless program loses, changes or breaks on. Each holds a word that no other holds, and is made from the seed.
import type { Random } from "../src/sandbox/random.ts";
import { workspaceId } from "./raw-upstream.ts";

export interface HostileLine {
  readonly kind: string;
  /** As upstream sends it, without the line's end. */
  readonly bytes: Buffer;
  /** The word by which it is found; stands in no other line. */
  readonly word: string;
  /** Whether it is an object in JSON, and so an event; the other lines are set aside with their bytes. */
  readonly isEvent: boolean;
}

interface Maker {
  /** What stands in the text behind the word, as JSON writes it; bytes that are no text at all included. */
  readonly text?: (random: Random) => string | Buffer;
  /** Members beside the usual ones, each followed by a comma. */
  readonly members?: (random: Random, word: string) => string;
  /** What is made of the whole line. */
  readonly whole?: (line: Buffer, random: Random) => Buffer;
  readonly notEvent?: true;
}

const ESCAPED_LONE = ["\\ud800", "\\udfff", "\\ud800\\ud800", "\\udc00\\ud800", "\\uD83D"];
const BIDI = ["\u202e", "\u2066", "\u2069", "\u200f", "\u061c"];
const JOINED = ["👨‍👩‍👧‍👦", "🏳️‍🌈", "👩🏽‍🚀", "🇩🇪", "e\u0301\u0327\u0308", "Z̸̡̢̛̗̘̙̜̝̞̟̠͛͊", "한글", "日本語", "שלום", "ไทย"];
const MARKUP = [
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "${jndi:ldap://x}",
  "'; DROP TABLE events;--",
  "%00%n%s",
];
const NUMBERS = [
  "12345678901234567890",
  "1e400",
  "-1e400",
  "-0",
  "1E-400",
  "0.1000000000000000055511151231257827",
  "9".repeat(400),
];
const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "__defineGetter__",
  "",
  "\\u0000",
  "\\ud800",
];
const IDS = [
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff"',
  '"__proto__"',
  '""',
  "17",
  "null",
  "[]",
  "true",
  `"${"x".repeat(50_000)}"`,
];
const TIMES = [
  '"9999-99-99T99:99:99Z"',
  "0",
  '"0000-01-01T00:00:00Z"',
  '"+275760-09-13T00:00:00Z"',
  '"-000001-01-01T00:00:00Z"',
];
const MORE_TIMES = [
  '"2026-03-01T00:00:00.123456789Z"',
  '"2026-03-01T00:00:00+23:59"',
  '"2026-02-30T00:00:00Z"',
  '"\\u0000"',
  "{}",
];
const TYPES = ['"\\u0000"', '"\\ud800"', '"__proto__"', `"${"T".repeat(5_000)}"`, "7", '"a\\nb"', '"<b>"'];
const NOT_UTF8 = ["ff", "c080", "eda080", "f5808080", "e28080e2", "80", "c3", "f09f98", "fefe", "c0af"];
const BROKEN = [
  "{'a':1}",
  '{"a":NaN}',
  '{"a":1,}',
  '{"a":/* */1}',
  '{"a":\u0001}',
  "{",
  '{"a":"\\x41"}',
  "undefined",
  '{"a" 1}',
];

const deep = (open: string, close: string, most: number) => (random: Random) => {
  const depth = random.between(50, most);
  return `"deep":${open.repeat(depth)}1${close.repeat(depth)},`;
};

const makers: Readonly<Record<string, Maker>> = {
  plain: {},
  "escaped NUL": { text: (random) => "\\u0000".repeat(random.between(1, 5)) },
  "lone surrogates": { text: (random) => random.pick(ESCAPED_LONE) },
  "direction marks": { text: (random) => random.pick(BIDI).repeat(random.between(1, 20)) },
  "joined characters": { text: (random) => random.pick(JOINED).repeat(random.between(1, 20)) },
  "escaped pairs": { text: () => "\\ud83d\\udc69\\u200d\\ud83d\\ude80" },
  "line separators": { text: () => "\u2028\u2029\u0085\u000b".replace("\u000b", "\\u000b") },
  "escape sequences of terminals": { text: () => "\\u001b[2J\\u001b]0;x\\u0007\\u009b31m" },
  markup: { text: (random) => random.pick(MARKUP).replaceAll('"', '\\"') },
  "bytes that are not UTF-8": { text: (random) => Buffer.from(random.pick(NOT_UTF8), "hex") },
  "random bytes": { text: (random) => randomBytes(random) },
  "byte order mark inside": { text: () => "\ufeff" },
  "keys of prototypes": { members: (random) => `"${random.pick(KEYS)}":{"${random.pick(KEYS)}":{"event_id":"x"}},` },
  "numbers beyond doubles": { members: (random) => `"n":[${random.pick(NUMBERS)},${random.pick(NUMBERS)}],` },
  "keys that come twice": { members: (_, word) => `"a":1,"a":"${word}","a":{"a":1,"a":2},"type":"x",` },
  "deep arrays": { members: deep("[", "]", 20_000) },
  "deep objects": { members: deep('{"a":', "}", 20_000) },
  "hostile ids": { members: (random) => `"event_id":${random.pick(IDS)},` },
  "hostile times": { members: (random) => `"timestamp":${random.pick([...TIMES, ...MORE_TIMES])},` },
  "hostile types": { members: (random) => `"type":${random.pick(TYPES)},` },
  "many members": {
    members: (random) => Array.from({ length: random.between(500, 3_000) }, (_, i) => `"m${i}":${i},`).join(""),
  },
  "a carriage return at the end": { whole: (line) => Buffer.concat([line, Buffer.from("\r")]) },
  "white space around": { whole: (line) => Buffer.concat([Buffer.from(" \t "), line, Buffer.from("\t\r ")]) },
  "a byte order mark in front": { whole: (line) => Buffer.concat([Buffer.from("\ufeff"), line]), notEvent: true },
  "cut off": { whole: (line, random) => line.subarray(0, line.length - random.between(1, 40)), notEvent: true },
  "control characters in a string": { text: () => "\u0000\u0001\u001f", notEvent: true },
  "not JSON": { whole: (line, random) => wordKept(line, random.pick(BROKEN)), notEvent: true },
  "not an object": {
    whole: (line, random) => wordKept(line, random.pick(["[]", "7", "null", '"x"', "true"])),
    notEvent: true,
  },
};
const kinds = Object.keys(makers);

/** So many lines, each kind as often as the others, and some of `longBytes` each. */
export function* hostileLines(
  count: number,
  long: { count: number; bytes: number },
  random: Random,
): Generator<HostileLine> {
  for (let i = 0; i < count; i++) {
    const kind = kinds[i % kinds.length]!;
    const word = `needle${random.hex(6)}n${i}`;
    const { whole, notEvent } = makers[kind]!;
    const line = lineOf(word, makers[kind]!, random);
    yield { kind, word, bytes: whole ? whole(line, random) : line, isEvent: notEvent !== true };
  }
  for (let i = 0; i < long.count; i++) {
    const word = `needle${random.hex(6)}long${i}`;
    const text = (i % 2 === 0 ? "long \\u0000 " : "日本 ").repeat(Math.ceil(long.bytes / 12)).slice(0, long.bytes - 12);
    yield {
      kind: "long",
      word,
      bytes: lineOf(word, { text: () => text.replace(/\\[^ ]*$/, "") }, random),
      isEvent: true,
    };
  }
}

/** The later of two equal keys counts, so hostile members stand last. */
function lineOf(word: string, { text, members }: Maker, random: Random): Buffer {
  const usual = `{"event_id":"${random.uuid()}","type":"CONVERSATION_MESSAGE","timestamp":"2026-03-01T00:00:00Z",`;
  const message = `"principal":{"id":"${workspaceId}"},"message":{"content":{"value":"${word} `;
  const end = `"}},${members?.(random, word) ?? ""}"end":true}`;
  return Buffer.concat([Buffer.from(usual + message), Buffer.from(text?.(random) ?? "x"), Buffer.from(end)]);
}

function randomBytes(random: Random): Buffer {
  const bytes = Array.from({ length: random.between(1, 60) }, () => random.between(0x80, 0xff));
  return Buffer.from(bytes);
}

/** Something that is no event, and by which it is known all the same. */
function wordKept(line: Buffer, broken: string): Buffer {
  const word = /needle\w+/.exec(line.toString("latin1"))![0];
  return Buffer.from(broken.startsWith("[") ? `["${word}"]` : `${broken} ${word}`);
}
