// Log files for stores that grow: made in this process, each from its number alone, so that a store can be grown further later.
// Two of three hold messages, the third audit entries; one message in fifty is Chinese, one word in a hundred is rare.
import { createHash } from "node:crypto";
import type { DataSourceKey } from "../src/model/event.ts";
import { hanWord, rareWord, seeded, word } from "./words.ts";

export interface MessagesShape {
  readonly linesPerFile: number;
  /** With its newline. */
  readonly lineBytes: number;
  /** The files are spread over thirty days: from when one ends until the next does. */
  readonly fileMs: number;
}

export interface MessagesFile {
  readonly key: DataSourceKey;
  readonly id: string;
  readonly endTime: string;
  readonly bytes: Buffer;
}

export const workspaceId = "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
export const startMs = Date.UTC(2026, 0, 5);
export const people = 2_000;
export const models = ["gpt-5", "gpt-5-mini", "gpt-5-pro", "o4", "o4-mini"] as const;
export const clients = ["desktop_web", "ios", "android", "desktop_app"] as const;
export const actions = ["member.invited", "role.changed", "key.created", "project.archived"] as const;
/** The feeds, in the order their files take turns. */
export const feeds: readonly DataSourceKey[] = [
  { collectorId: "col_a", dataSource: "conversations" },
  { collectorId: "col_b", dataSource: "conversations" },
  { collectorId: "col_a", dataSource: "audit-log" },
];

/** The file with this number, from 0. Its events fill the time since the feed's file before. */
export function messagesFile(number: number, shape: MessagesShape): MessagesFile {
  const { linesPerFile, fileMs } = shape;
  const key = feeds[number % feeds.length]!;
  const line = key.dataSource === "audit-log" ? auditLine : messageLine;
  const random = seeded(number + 1);
  const endMs = startMs + (number + feeds.length) * fileMs;
  const spanMs = feeds.length * fileMs;
  let text = "";
  for (let i = 0; i < linesPerFile; i++) {
    const at = new Date(endMs - spanMs + Math.floor((i * spanMs) / linesPerFile));
    text += line(shape.lineBytes, `${at.toISOString().slice(0, -1)}${digits(random)}Z`, random);
  }
  const id = `eclf_${String(number).padStart(28, "0")}`;
  return { key, id, endTime: new Date(endMs).toISOString(), bytes: Buffer.from(text) };
}

/** The e-mail address of a person, by number. */
export const emailOf = (person: number): string => `user${person}@example.com`;

function messageLine(lineBytes: number, time: string, random: () => number): string {
  const conversation = idOf(`conversation ${Math.floor(random() * 50_000)}`);
  const author = random() < 0.5 ? "user" : "assistant";
  const head = `{"event_id":"${newId(random)}","type":"CONVERSATION_MESSAGE","timestamp":"${time}",${principal},${actor(random)},"message":{"id":"${newId(random)}","created_at":"${time}","author":{"type":"${author}","client_type":"${oneOf(clients, random)}"},"model":"${oneOf(models, random)}","content":{"type":"text","value":"`;
  const tail = `"}},"conversation":{"id":"${conversation}","title":"${word(random)} ${word(random)}"}}\n`;
  return filled(lineBytes, head, tail, random() < 0.02 ? chineseText : latinText, random);
}

function auditLine(lineBytes: number, time: string, random: () => number): string {
  const head = `{"event_id":"${newId(random)}","type":"AUDIT_LOG","timestamp":"${time}",${principal},${actor(random)},"action":"${oneOf(actions, random)}","ip_address":"203.0.113.${Math.floor(random() * 256)}","details":"`;
  return filled(lineBytes, head, `"}\n`, latinText, random);
}

const principal = `"principal":{"id":"${workspaceId}","type":"CHATGPT_WORKSPACE"}`;

function actor(random: () => number): string {
  const person = Math.floor(people * random() ** 2);
  return `"actor":{"type":"ACCOUNT_USER","user_id":"user-${idOf(`person ${person}`)}","user_email":"${emailOf(person)}"}`;
}

function filled(
  lineBytes: number,
  head: string,
  tail: string,
  text: (bytes: number, random: () => number) => string,
  random: () => number,
): string {
  const room = Math.max(0, lineBytes - head.length - tail.length);
  return head + text(room, random) + tail;
}

function latinText(bytes: number, random: () => number): string {
  let text = "";
  while (text.length < bytes) text += random() < 0.01 ? `${rareWord(random)} ` : `${word(random)} `;
  return text.slice(0, bytes);
}

// Three bytes a character; what is left over is filled with full stops.
function chineseText(bytes: number, random: () => number): string {
  let text = "";
  for (let left = bytes; left >= 6; left -= 6) text += hanWord(random);
  return text + ".".repeat(bytes % 6);
}

const oneOf = (values: readonly string[], random: () => number) => values[Math.floor(random() * values.length)]!;
const digits = (random: () => number) => String(Math.floor(random() * 1_000)).padStart(3, "0");
const hex = (random: () => number) =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
const newId = (random: () => number) => hex(random) + hex(random) + hex(random) + hex(random);

/** 32 hex digits that are the same for the same thing. */
const ids = new Map<string, string>();
function idOf(thing: string): string {
  const known = ids.get(thing) ?? createHash("md5").update(thing).digest("hex");
  ids.set(thing, known);
  return known;
}
