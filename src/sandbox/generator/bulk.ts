import { isoTime } from "../instants.ts";
import { randomOf } from "../random.ts";

/** What equal lines are made from. */
export interface BulkFile {
  /** Decides the event ids; unique to the file. */
  readonly name: string;
  readonly type: string;
  readonly principalId: string;
  /** The last event happens then; each one before it a millisecond earlier. */
  readonly endUs: number;
  readonly lines: number;
  /** Bytes of a line with its newline. */
  readonly lineBytes: number;
}

const WORDS =
  "the tide gauge reports a steady level and the crew notes wind from the west while the log keeps every reading in order ";

/** Lines of exactly `lineBytes` bytes each, every one a valid event with an id of its own. */
export function bulkLines(file: BulkFile): Buffer {
  const random = randomOf("bulk", file.name);
  const idHead = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-`;
  const userId = `user-${random.alphanumeric(24)}`;
  const conversationId = random.uuid();
  // Marks stand for what differs from line to line; they are as long as what replaces them.
  const idMark = `${idHead}${"x".repeat(12)}`;
  const time = isoTime(file.endUs, 6);
  const shortest = bulkLine(file, { userId, conversationId }, idMark, time, "");
  const padding = file.lineBytes - Buffer.byteLength(shortest) - 1;
  if (padding < 0) throw new RangeError(`Bulk lines need at least ${file.lineBytes - padding} bytes`);
  const filler = WORDS.repeat(Math.ceil(padding / WORDS.length)).slice(0, padding);
  const line = bulkLine(file, { userId, conversationId }, idMark, time, filler);
  const [head = "", afterId = ""] = line.split(idMark);
  const [middle = "", tail = ""] = afterId.split(time);
  const parts: string[] = [];
  for (let i = 0; i < file.lines; i += 1) {
    const id = `${idHead}${i.toString(16).padStart(12, "0")}`;
    parts.push(head, id, middle, isoTime(file.endUs - (file.lines - 1 - i) * 1000, 6), tail, "\n");
  }
  return Buffer.from(parts.join(""));
}

function bulkLine(
  file: BulkFile,
  ids: { userId: string; conversationId: string },
  eventId: string,
  time: string,
  text: string,
): string {
  return JSON.stringify({
    event_id: eventId,
    type: file.type,
    timestamp: time,
    principal: { id: file.principalId, type: "CHATGPT_WORKSPACE" },
    actor: { type: "ACCOUNT_USER", user_id: ids.userId, user_email: "bulk.writer@harbourlight.example" },
    message: {
      id: ids.conversationId,
      author: { type: "user", client_type: "desktop_web" },
      content: { type: "text", value: text },
    },
    conversation: { id: ids.conversationId, title: "Bulk", is_temporary_chat: false },
  });
}
