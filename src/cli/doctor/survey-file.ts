import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { DigestRow } from "../../store/sqlite/event-digest.ts";
import { type DigestedFile, FileDigests } from "../../store/sqlite/file-digests.ts";
import { Tally } from "../../store/sqlite/tally.ts";
import { type Erasable, Tombstones } from "../../store/sqlite/tombstones.ts";
import { nameOf, RESTORE, row, type SourceName } from "./examine.ts";
import type { SurveyFindings } from "./survey.ts";

/** A file of the ledger that has events, with its data source. */
export interface SurveyedFile extends DigestedFile, SourceName {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly file_id: string;
  readonly inserted: number;
  readonly held: number;
  readonly held_bytes: number;
  readonly digest: Uint8Array | null;
  /** 0 where its collector is being removed, table by table. */
  readonly stays: number;
}

/** An event that is as it was stored. */
export interface Sample {
  readonly seq: number;
  readonly collectorId: string;
  readonly eventId: string;
  readonly timeKey: number;
}

interface SurveyedEvent extends DigestRow {
  readonly raw: Uint8Array;
  readonly file: number;
  readonly source: number;
  readonly type: number;
  readonly type_name: string | null;
  /** How many entries of the unique index lead to it. */
  readonly entries: number;
}

interface Reading {
  readonly tally: Tally;
  readonly samples: Sample[];
  faults: number;
  readonly isErased: ((event: Erasable) => boolean) | undefined;
}

const ENTRIES = `(SELECT count(*) FROM events o INDEXED BY events_once WHERE o.source = e.source AND o.time_key = e.time_key
    AND o.event_id = e.event_id AND o.content_hash = e.content_hash)`;
const SAMPLE_EVERY = 5_003;
const MOST_SAMPLES = 500;
const ERASE = "Stop the server, make a backup and restore it: that makes every erasure of erasures.log again";

/** Reads files one by one. */
export class FileSurvey {
  events = 0;
  bytes = 0;
  linksOnly = 0;
  readonly samples: Sample[] = [];
  readonly #found: SurveyFindings;
  readonly #digests: FileDigests<SurveyedEvent>;
  readonly #tombstones: Tombstones;

  constructor(db: DatabaseSync, found: SurveyFindings) {
    this.#found = found;
    // Without the index that is told elsewhere, and the events are read all the same.
    const indexed = row(db, "SELECT 1 FROM sqlite_schema WHERE name = 'events_once'") !== undefined;
    this.#digests = new FileDigests(db, `, e.raw, e.file, e.source, e.type, ${indexed ? ENTRIES : 1} AS entries`);
    this.#tombstones = new Tombstones(db);
  }

  /** Called in one transaction with the read of `file`. */
  read(file: SurveyedFile): { readonly tally: Tally; readonly sound: boolean } {
    const key = { collectorId: file.collector_id, dataSource: file.data_source };
    const isErased = this.#tombstones.forSource(file.source, key);
    const reading: Reading = { tally: new Tally(), samples: [], faults: 0, isErased };
    let digest: Uint8Array | undefined;
    try {
      digest = this.#digests.of(file, (event) => this.#look(file, event, reading));
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      this.#tell(reading, "bytes", "Events hold a number that Cistern never writes", whereIs(file));
      return { tally: reading.tally, sound: false };
    }
    const sound = this.#judge(file, reading, digest);
    if (sound) this.samples.push(...reading.samples.slice(0, MOST_SAMPLES - this.samples.length));
    return { tally: reading.tally, sound };
  }

  #look(file: SurveyedFile, event: SurveyedEvent, reading: Reading): void {
    const { seq, raw, entries } = event;
    const where = () => `position ${seq}: line ${event.line} of ${whereIs(file)}`;
    this.events += 1;
    this.bytes += raw.length;
    reading.tally.add(seq, event.type, raw.length, { timeKey: event.time_key, time: "" });
    if (!hasHash(raw, event.content_hash))
      this.#tell(reading, "bytes", "Events' bytes do not have the hash they were stored with", where());
    if (entries !== 1)
      this.#tell(reading, "index", `Events stand ${entries} times in the index that keeps them apart`, where());
    if (event.file !== file.file || event.source !== file.source || event.type_name === null)
      this.#tell(reading, "places", "Events name a file, data source or type that is not theirs", where());
    if (reading.isErased?.(erasable(event)))
      this.#found.erased.add("Events are stored that were erased", ERASE, where());
    if (seq % SAMPLE_EVERY === 0 || seq === file.first_seq) reading.samples.push(sampleOf(file, event));
  }

  #tell(reading: Reading, kind: "bytes" | "index" | "places", what: string, where: string): void {
    reading.faults += 1;
    this.#found[kind].add(what, RESTORE, where);
  }

  /** Whether everything of the file is as it must be. Of several things that follow from one another the first is told. */
  #judge(file: SurveyedFile, { tally, faults }: Reading, digest: Uint8Array | undefined): boolean {
    if (file.held !== tally.events) {
      this.tellHeld(file, tally.events);
      return false;
    }
    if (faults > 0) return false;
    if (file.held_bytes !== tally.bytes) {
      const example = `${whereIs(file)}: ${file.held_bytes} bytes should be there, ${tally.bytes} are`;
      this.#found.held.add("Files hold another number of bytes than their row says", RESTORE, example);
      return false;
    }
    if (file.digest === null || file.held < file.inserted) {
      this.linksOnly += 1;
      return true;
    }
    return this.#hasDigest(file, digest);
  }

  #hasDigest(file: SurveyedFile, digest: Uint8Array | undefined): boolean {
    if (digest !== undefined && file.digest !== null && Buffer.compare(digest, file.digest) === 0) return true;
    this.#found.digest.add("Events are not those that were collected with their file", RESTORE, whereIs(file));
    return false;
  }

  /** For a file of which no line became an event: are those that were set aside the same? */
  readSetAside(file: SurveyedFile): void {
    if (file.digest !== null) this.#hasDigest(file, this.#digests.of(file));
  }

  tellHeld(file: SurveyedFile, there: number): void {
    const what = there < file.held ? "Events of files are missing" : "Files have events that were not collected";
    this.#found.held.add(what, RESTORE, `${whereIs(file)}: ${file.held} events should be there, ${there} are`);
  }
}

/** `the file f1 (conversations of col_a)` */
export const whereIs = (file: SourceName & { readonly file_id: string }): string =>
  `the file ${file.file_id} (${nameOf(file)})`;

/** Whether node:sqlite refused a number beyond what JavaScript counts to. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === "ERR_OUT_OF_RANGE";

// As text, because a buffer for each hash costs as much again as the hash.
function hasHash(raw: Uint8Array, { buffer, byteOffset, byteLength }: Uint8Array): boolean {
  return hash("sha256", raw, "binary") === Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}

const erasable = ({ event_id, content_hash, flags }: DigestRow): Erasable => ({
  eventId: Buffer.from(event_id).toString(),
  contentHash: content_hash,
  flags,
});

const sampleOf = ({ collector_id }: SourceName, { seq, event_id, time_key }: DigestRow): Sample => ({
  seq,
  collectorId: collector_id,
  eventId: Buffer.from(event_id).toString(),
  timeKey: time_key,
});
