// Files that grow. Beside them stands a ledger that says how much of the newest one counts and which batches came last: what is longer is
// the torn tail of a write that was cut off, and a batch that is there already is not written again.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder, READ_WRITE, syncFolder, withFile, writeWhole } from "./disk.ts";

export interface Rotation {
  /** A file is not added to beyond this size; a single batch may be larger. */
  readonly bytes: number;
  /** Counted from its first batch. */
  readonly ms: number;
}

export interface Addition {
  /** Files and ledger of this name are this writer's alone. */
  readonly name: string;
  /** Of the file, such as `.ndjson`. */
  readonly ending: string;
  readonly batchId: string;
  readonly bytes: Uint8Array;
}

const Ledger = z.object({
  file: z.string(),
  number: z.int().nonnegative(),
  length: z.int().nonnegative(),
  /** Those that were added last, the newest at the end. */
  batches: z.array(z.string()),
  startedAt: z.iso.datetime(),
});
type Ledger = z.infer<typeof Ledger>;

/** Batches come again right away or not at all: an engine that was killed repeats the one that it was at. */
const REMEMBERED = 100;

const ledgerName = (name: string): string => `.${name}.ledger.json`;

/** Adds to the newest file of that name in the folder, or begins a new one. A batch that was among the last hundred changes nothing. */
export async function append(folder: string, addition: Addition, rotation: Rotation, now: Date): Promise<void> {
  const known = await readLedger(folder, addition.name);
  if (known?.batches.includes(addition.batchId)) return;
  const open = known && (await mayGrow(folder, known, addition, { rotation, now })) ? known : undefined;
  const ledger = open ?? (await begin(folder, addition, known, now));
  const length = await write(folder, ledger, addition.bytes);
  const batches = [...ledger.batches, addition.batchId].slice(-REMEMBERED);
  await writeLedger(folder, addition.name, { ...ledger, length, batches });
}

async function mayGrow(
  folder: string,
  { file, length, startedAt, number }: Ledger,
  { bytes, name, ending }: Addition,
  { rotation, now }: { readonly rotation: Rotation; readonly now: Date },
): Promise<boolean> {
  if (file !== fileNameOf(name, number, ending)) return false;
  if (length === 0) return true;
  if (length + bytes.length > rotation.bytes || now.getTime() - Date.parse(startedAt) >= rotation.ms) return false;
  // Moved away or shortened by someone else: a gap of zeros would be no event.
  return (await sizeOf(join(folder, file))) >= length;
}

// The ledger names a file before that file is made: one that it does not name is never touched.
async function begin(
  folder: string,
  { name, ending }: Addition,
  known: Ledger | undefined,
  now: Date,
): Promise<Ledger> {
  await makeFolder(folder);
  const number = Math.max(known?.number ?? 0, await highestNumber(folder, name)) + 1;
  const file = fileNameOf(name, number, ending);
  const ledger = { file, number, length: 0, batches: known?.batches ?? [], startedAt: now.toISOString() };
  await writeLedger(folder, name, ledger);
  return ledger;
}

/** Returns the length of the file, which is on the disk by then. */
async function write(folder: string, { file: name, length }: Ledger, bytes: Uint8Array): Promise<number> {
  await withFile(join(folder, name), READ_WRITE, async (file) => {
    try {
      await file.truncate(length);
      for (let done = 0; done < bytes.length; )
        done += (await file.write(bytes, done, bytes.length - done, length + done)).bytesWritten;
      await file.sync();
    } catch (error) {
      await file.truncate(length).catch(() => undefined);
      throw error;
    }
  });
  if (length === 0) await syncFolder(folder);
  return length + bytes.length;
}

async function readLedger(folder: string, name: string): Promise<Ledger | undefined> {
  try {
    const read = Ledger.safeParse(JSON.parse(await readFile(join(folder, ledgerName(name)), "utf8")));
    return read.success ? read.data : undefined;
  } catch (error) {
    // Without a readable ledger a new file is begun, which harms nothing.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const writeLedger = (folder: string, name: string, ledger: Ledger) =>
  writeWhole(join(folder, ledgerName(name)), Buffer.from(`${JSON.stringify(ledger)}\n`));

const fileNameOf = (name: string, number: number, ending: string) =>
  `${name}-${String(number).padStart(6, "0")}${ending}`;

async function highestNumber(folder: string, name: string): Promise<number> {
  const numbers = (await readdir(folder)).map((file) =>
    file.startsWith(`${name}-`) ? Number(/^(\d{6,})\./.exec(file.slice(name.length + 1))?.[1] ?? 0) : 0,
  );
  return Math.max(0, ...numbers);
}

function sizeOf(path: string): Promise<number> {
  return withFile(path, "r", async (file) => (await file.stat()).size).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return -1;
    throw error;
  });
}
