import { bulkLines } from "../generator/bulk.ts";
import type { Quirks } from "../quirks.ts";
import { randomOf } from "../random.ts";
import type { Entry } from "./copies.ts";

/** What decides the bytes of a file beside its entries. */
export interface FileFacts {
  readonly seed: number;
  readonly id: string;
  readonly type: string;
  readonly endUs: number;
  readonly principalId: string;
  readonly quirks: Quirks;
}

const NEWLINE = Buffer.from("\n");

/** The bytes of a file: its lines, with the faults that the quirks choose for this file. */
export function assemble(facts: FileFacts, entries: readonly Entry[]): Buffer {
  const { quirks } = facts;
  const random = randomOf(facts.seed, "assemble", facts.id);
  const malformed = random.chance(quirks.malformedLines);
  const concatenated = random.chance(quirks.concatenatedLines);
  const noFinalNewline = random.chance(quirks.missingFinalNewline);
  const huge = random.chance(quirks.hugeFiles) && facts.type === "CONVERSATION_MESSAGE";
  const lines = entries.map((entry) => entry.write());
  if (malformed) lines.splice(random.between(0, lines.length), 0, brokenLine(lines[0] ?? "{}"));
  if (concatenated && lines.length > 1) lines.splice(0, 2, `${lines[0]}${lines[1]}`);
  const text = Buffer.from(lines.join("\n"));
  const body = huge ? Buffer.concat([text, NEWLINE, fillerUpTo(facts, quirks.hugeFileBytes - text.length)]) : text;
  const bare = huge ? body.subarray(0, -1) : body;
  return noFinalNewline ? bare : Buffer.concat([bare, NEWLINE]);
}

function brokenLine(line: string): string {
  return `${line.slice(0, Math.floor(line.length / 2))}…`;
}

function fillerUpTo(facts: FileFacts, bytes: number): Buffer {
  const lineBytes = 1000;
  const lines = Math.max(1, Math.ceil(bytes / lineBytes) + 1);
  return bulkLines({
    name: facts.id,
    type: facts.type,
    principalId: facts.principalId,
    endUs: facts.endUs,
    lines,
    lineBytes,
  });
}
