// Files on this machine's disk, or on one that is mounted there.
//
// A batch is a file of its own with a name that follows from the batch, so that a repeat writes the same file again; or it is added to a file
// that grows, whose ledger tells a repeat. Either way it is on the disk, and its name in the folder, before a batch counts as taken.
import { readFile, stat, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { type CheckStep, runStep, skippedStep } from "../model/check.ts";
import { defineDestination, type Sender, type SenderContext, type Sent } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import type { Batch, OutgoingEvent } from "../model/outgoing.ts";
import { formatNames } from "../model/outgoing.ts";
import { append } from "./parts/append-file.ts";
import { diskError, makeFolder, writeWhole } from "./parts/disk.ts";
import { fileBytes, fileEnding, fileName, groupedBy, pathSegment } from "./parts/event-file.ts";
import { type FilesSettings, filesSettings, folderOf } from "./parts/files-settings.ts";
import { removeOldFiles } from "./parts/old-files.ts";
import { testBatch } from "./parts/test-batch.ts";

type Context = SenderContext<FilesSettings>;

const OWNER_FILE = ".cistern-destination";
const OURS =
  /^(?:[\w.-]+-\d+-\d+-[0-9a-f]{32}|[\w.-]+-\d{6,})\.(?:ndjson(?:\.gz|\.zst)?|parquet)(?:\.tmp)?$|^\.[\w.-]+\.ledger\.json$/;
const SWEEP_EVERY_MS = 3_600_000;
const GIGABYTE = 1e9;

export const files = defineDestination<FilesSettings>({
  name: "files",
  title: "Files",
  description: "Writes events as NDJSON or Parquet files into a folder of this machine.",
  group: "file",
  settings: filesSettings,
  address: ["folder"],
  formats: formatNames,
  guarantee: "idempotent",
  guaranteeNote: "A repeated batch writes the same file again; a growing file knows its last hundred batches.",
  limits: { events: 10_000, bytes: 8_000_000 },
  maxAgeMs: 30_000,
  concurrency: 1,
  open: openFiles,
});

function openFiles(context: Context): Sender {
  const folder = context.settings.folder ?? context.folder;
  let sweptAt: number | undefined;
  const withDiskErrors = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw diskError(error, folder);
    });
  return {
    async send(batch, signal) {
      signal.throwIfAborted();
      await withDiskErrors(deliver(batch, context, signal));
      const { remove_after_days: days } = context.settings;
      if (days === undefined || (sweptAt !== undefined && context.monotonicMs() - sweptAt < SWEEP_EVERY_MS)) return {};
      sweptAt = context.monotonicMs();
      return sweep(folder, { days, now: context.now() }, signal);
    },
    check: (test, signal) => check(context, test, signal, withDiskErrors),
    async close() {},
  };
}

async function deliver(batch: Batch, context: Context, signal: AbortSignal): Promise<void> {
  const { settings } = context;
  const folder = await ownFolder(context);
  const groups = groupedBy(batch.events, (event) => folderOf(event, settings.path, settings.partition_by));
  for (const [place, events] of groups) {
    signal.throwIfAborted();
    const target = join(folder, place);
    if (settings.mode === "batch") await writeBatch(target, batch, events, settings);
    else await appendTo(target, batch, events, context);
  }
}

async function writeBatch(
  target: string,
  batch: Batch,
  events: readonly OutgoingEvent[],
  settings: FilesSettings,
): Promise<void> {
  const bytes = await fileBytes(events, settings);
  await makeFolder(target);
  await writeWhole(join(target, fileName(batch, settings)), bytes);
}

async function appendTo(
  target: string,
  { id, collectorId }: Batch,
  events: readonly OutgoingEvent[],
  { settings, now }: Context,
): Promise<void> {
  const bytes = await fileBytes(events, settings);
  const addition = { name: pathSegment(collectorId), ending: fileEnding(settings), batchId: id, bytes };
  const rotation = { bytes: settings.rotate_megabytes * 1_000_000, ms: settings.rotate_minutes * 60_000 };
  await append(target, addition, rotation, now());
}

/** The folder, once it is certain that no other destination writes into it: two would cut off each other's files. */
async function ownFolder(context: Context): Promise<string> {
  const folder = await presentFolder(context);
  const name = basename(context.folder);
  const owner = await readFile(join(folder, OWNER_FILE), "utf8").catch(undefinedIfAbsent);
  if (owner === undefined) await writeWhole(join(folder, OWNER_FILE), Buffer.from(`${name}\n`));
  else if (owner.trim() !== name) throw taken(folder);
  return folder;
}

/** One that was named has to be there: where its disk is not mounted, the events would land beneath it. */
async function presentFolder({ settings, folder: own }: Context): Promise<string> {
  if (settings.folder === undefined) await makeFolder(own);
  else if (!(await isFolder(settings.folder))) throw missing(settings.folder);
  return settings.folder ?? own;
}

const isFolder = async (path: string) => (await stat(path).catch(undefinedIfAbsent))?.isDirectory() ?? false;

function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}

const missing = (folder: string) =>
  new CollectorError("config_invalid", `There is no folder ${folder}`, {
    reason: "folder_missing",
    action: "Make the folder, mount its disk, or enter another one",
  });

const taken = (folder: string) =>
  new CollectorError("config_invalid", `${folder} belongs to another destination`, {
    reason: "folder_taken",
    action: `Enter a folder of its own; if that destination is gone, remove the file ${OWNER_FILE} there`,
  });

/** What cannot be removed harms no delivery; it is told. */
async function sweep(
  folder: string,
  age: { readonly days: number; readonly now: Date },
  signal: AbortSignal,
): Promise<Sent> {
  try {
    await removeOldFiles(folder, age, (name) => OURS.test(name), signal);
    return {};
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { warning: `Old files could not be removed (${code})` };
  }
}

async function* check(
  context: Context,
  test: OutgoingEvent,
  signal: AbortSignal,
  withDiskErrors: <T>(work: Promise<T>) => Promise<T>,
): AsyncGenerator<CheckStep> {
  const folder = yield* runStep("folder", "The folder is there", context.now, async () => {
    // Not claimed: what is tested may never be set up, and is not known by its own name yet.
    const value = await withDiskErrors(presentFolder(context));
    const { bavail, bsize } = await withDiskErrors(statfs(value));
    const free = (bavail * bsize) / GIGABYTE;
    return { state: "ok" as const, detail: `${value} has ${free.toFixed(1)} GB free`, value };
  });
  const title = "A test event is written";
  if (folder === undefined) return yield skippedStep("deliver", title, "There is nowhere to write to");
  yield* runStep("deliver", title, context.now, async () => {
    // A file of its own even where files grow: the ledger belongs to the delivery that may be under way.
    const batch = testBatch(test);
    const place = folderOf(test, context.settings.path, context.settings.partition_by);
    signal.throwIfAborted();
    await withDiskErrors(writeBatch(join(folder, place), batch, batch.events, context.settings));
    return { state: "ok" as const, detail: `It stands in ${join(place, fileName(batch, context.settings))}` };
  });
}
