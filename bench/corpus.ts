// Log files of equal lines, made on disk before anything is measured: the shape of conversation messages, random words.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seeded, word } from "./words.ts";

export interface CorpusFile {
  readonly id: string;
  readonly endTime: string;
  readonly size: number;
  readonly sha256: string;
  readonly path: string;
}

export interface CorpusShape {
  readonly files: number;
  readonly linesPerFile: number;
  /** With its newline. */
  readonly lineBytes: number;
  readonly workspaceId: string;
}

const START_MS = Date.UTC(2026, 0, 5);
const FILE_MS = 10 * 60_000;
const USERS = 500;
const CONVERSATIONS = 20_000;

/** Writes the files below `folder`. The same shape gives the same bytes. */
export function writeCorpus(folder: string, shape: CorpusShape): readonly CorpusFile[] {
  mkdirSync(folder, { recursive: true });
  const random = seeded(1);
  return Array.from({ length: shape.files }, (_, index) => {
    const endMs = START_MS + (index + 1) * FILE_MS;
    const lines = Array.from({ length: shape.linesPerFile }, (_, line) => {
      const at = endMs - FILE_MS + Math.floor((line * FILE_MS) / shape.linesPerFile);
      return lineOf(shape, new Date(at), random);
    });
    const bytes = Buffer.from(lines.join(""));
    const path = join(folder, `${index}.jsonl`);
    writeFileSync(path, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return {
      id: `eclf_${String(index).padStart(28, "0")}`,
      endTime: new Date(endMs).toISOString(),
      size: bytes.length,
      sha256,
      path,
    };
  });
}

function lineOf({ lineBytes, workspaceId }: CorpusShape, at: Date, random: () => number): string {
  const user = Math.floor(random() * USERS);
  const conversation = Math.floor(random() * CONVERSATIONS);
  const id = () =>
    Array.from({ length: 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
  const time = `${at.toISOString().slice(0, -1)}${String(Math.floor(random() * 1_000)).padStart(3, "0")}Z`;
  const head = `{"event_id":"${id()}","type":"CONVERSATION_MESSAGE","timestamp":"${time}","principal":{"id":"${workspaceId}","type":"CHATGPT_WORKSPACE"},"actor":{"type":"ACCOUNT_USER","user_id":"user-${ranked(user)}","user_email":"user${user}@example.com"},"message":{"id":"${id()}","created_at":"${time}","author":{"type":"user","client_type":"desktop_web"},"content":{"type":"text","value":"`;
  const tail = `"}},"conversation":{"id":"${ranked(conversation)}","title":"${word(random)} ${word(random)}"}}\n`;
  let text = "";
  while (head.length + text.length + tail.length < lineBytes) text += `${word(random)} `;
  return head + text.slice(0, Math.max(0, lineBytes - head.length - tail.length)) + tail;
}

/** 32 hex digits that are the same for the same person or conversation. */
const ranked = (number: number) => createHash("md5").update(String(number)).digest("hex");
