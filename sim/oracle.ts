// Judges the store by what upstream published. It reads the database with SQL of its own and shares no code with the engine.
import type { Plan } from "./plan.ts";
import { type Published, type PublishedFile, type PublishedLine, sha256 } from "./published.ts";
import { type EventRow, type FileRow, type GapRow, Reader, type SourceRow } from "./reader.ts";
import type { SimulatedUpstream } from "./upstream.ts";

interface Seen {
  cursorUs: number;
  claimUs: number | null;
  filesDone: number;
  gaps: number;
}

const HOUR_US = 3_600_000_000;
const DEEP_SCAN_MS = 26 * 3_600_000;

export class Oracle {
  readonly violations: string[] = [];
  readonly #published: Published;
  readonly #plan: Plan;
  readonly #upstream: SimulatedUpstream;
  readonly #files: ReadonlyMap<string, PublishedFile>;
  readonly #checked = new Set<number>();
  readonly #stored = new Set<string>();
  readonly #erasedIds = new Set<string>();
  readonly #seen = new Map<number, Seen>();
  #lastSeq = 0;
  #reader: Reader | undefined;

  constructor(plan: Plan, published: Published, upstream: SimulatedUpstream) {
    this.#plan = plan;
    this.#published = published;
    this.#upstream = upstream;
    this.#files = new Map(published.files.map((file) => [file.id, file]));
  }

  /** Stays attached when a life ends, so that its log stays behind as after a real death: only the last to close folds it in. */
  attach(path: string): void {
    this.#reader ??= new Reader(path);
  }

  detach(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }

  /** The database went back to an earlier state: what was known of the later one holds no more. */
  rewound(): void {
    this.#checked.clear();
    this.#stored.clear();
    this.#seen.clear();
    this.#lastSeq = 0;
  }

  /** A person has erased these. */
  erased(rows: readonly { readonly event_id: string; readonly raw: Uint8Array }[]): void {
    for (const { event_id, raw } of rows) this.#erasedIds.add(nameless(raw) ? sha256(raw) : event_id);
  }

  some(count: number): readonly EventRow[] {
    return this.#reader!.newest(count);
  }

  /** Everything that only the holder of the lease may change, as one text. */
  fingerprint(): string {
    return this.#reader?.fingerprint() ?? "";
  }

  /** A copy of the database as it is now. */
  copyTo(path: string): void {
    this.#reader!.copyTo(path);
  }

  /** Safety, after each commit. */
  afterCommit(nowMs: number): void {
    const reader = this.#reader;
    if (reader === undefined || !reader.changed()) return;
    const rows = reader.sources();
    if (rows.some(({ source, files_done }) => files_done !== this.#seen.get(source)?.filesDone)) this.#newlyDone(nowMs);
    for (const row of rows) {
      const seen = this.#seen.get(row.source) ?? { cursorUs: -1, claimUs: null, filesDone: -1, gaps: 0 };
      if ((row.cursor_us ?? -1) < seen.cursorUs)
        this.#violation(nowMs, `I4 the cursor of ${row.data_source} went back`);
      if (row.complete_through_us !== seen.claimUs || row.files_done !== seen.filesDone) this.#claim(nowMs, row);
      if (row.unacknowledged_gaps !== seen.gaps) this.#givenUp(nowMs, row);
      this.#seen.set(row.source, {
        cursorUs: row.cursor_us ?? -1,
        claimUs: row.complete_through_us,
        filesDone: row.files_done,
        gaps: row.unacknowledged_gaps,
      });
    }
  }

  /** A file is given up only when upstream has deleted it. */
  #givenUp(nowMs: number, { source }: SourceRow): void {
    for (const [id, state] of this.#reader!.states(source)) {
      const file = this.#files.get(id);
      if (state === "expired" && file !== undefined && this.#upstream.available(file))
        this.#violation(nowMs, `I9 ${id} of ${file.endTime} can be had and is given up`);
    }
  }

  #newlyDone(nowMs: number): void {
    for (const row of this.#reader!.allDone()) {
      if (this.#checked.has(row.file)) continue;
      this.#checked.add(row.file);
      this.#judgeFile(nowMs, row);
    }
  }

  // Every piece of a file that is done is stored, known already, erased, or set aside; and nothing else came with it.
  #judgeFile(nowMs: number, row: FileRow): void {
    const file = this.#files.get(row.file_id);
    if (file === undefined || file.foreign) {
      this.#violation(nowMs, `A23 the foreign file ${row.file_id} is done`);
      return;
    }
    const { lines, inserted, duplicates, quarantined, tombstoned } = row;
    if (lines !== file.lines.length || lines !== inserted + duplicates + quarantined + tombstoned)
      this.#violation(
        nowMs,
        `I1 ${row.file_id}: ${lines} lines, ${file.lines.length} published, ${inserted}+${duplicates}+${quarantined}+${tombstoned}`,
      );
    const rows = this.#reader!.eventsOf(row.file);
    const { retentionDays } = this.#plan;
    if (rows.length !== inserted && retentionDays === undefined)
      this.#violation(nowMs, `I1 ${row.file_id}: ${rows.length} rows, ${inserted} inserted`);
    const expected = new Map(file.lines.map((line) => [hex(line.raw), line]));
    for (const event of rows) this.#judgeEvent(nowMs, file, event, expected);
    const kept = new Set(this.#reader!.quarantinedOf(row.file).map(hex));
    for (const line of file.lines) this.#accountedFor(nowMs, file, line, kept);
  }

  #judgeEvent(nowMs: number, file: PublishedFile, row: EventRow, expected: ReadonlyMap<string, PublishedLine>): void {
    const line = expected.get(hex(row.raw));
    if (line?.event === undefined) {
      this.#violation(nowMs, `I2 ${file.id}: a stored event was never published there`);
      return;
    }
    if (line.event.id !== undefined && wellFormed(line.event.id) !== row.event_id)
      this.#violation(nowMs, `I2 ${file.id}: event ${line.event.id} is stored as ${row.event_id}`);
    const key = keyOf(file, line);
    if (this.#stored.has(key) && !this.#isOld(nowMs, line.raw))
      this.#violation(nowMs, `I2 ${file.id}: an event is stored twice`);
    if (this.#isErased(line)) this.#violation(nowMs, `I17 ${file.id}: an erased event came back`);
    if (row.seq <= this.#lastSeq) this.#violation(nowMs, `${file.id}: log position ${row.seq} after ${this.#lastSeq}`);
    if (row.time_key !== timeKey(line.raw))
      this.#violation(nowMs, `${file.id}: time key ${row.time_key} of ${timeKey(line.raw)}`);
    this.#lastSeq = row.seq;
    this.#stored.add(key);
  }

  #accountedFor(nowMs: number, file: PublishedFile, line: PublishedLine, quarantined: ReadonlySet<string>): void {
    if (line.event === undefined) {
      if (!quarantined.has(hex(line.raw))) this.#violation(nowMs, `I9 ${file.id}: an unreadable line is not kept`);
    } else if (!this.#stored.has(keyOf(file, line)) && !this.#isErased(line) && !this.#isOld(nowMs, line.raw))
      this.#violation(nowMs, `I9 ${file.id}: event ${line.event.id ?? "without id"} is not stored`);
  }

  /** Deleted between the answer that listed it and the commit of that answer, which a death prevented: nobody could know. */
  #vanishedUnseen(file: PublishedFile, state: string | undefined): boolean {
    return state === undefined && file.vanishesAfterMs !== undefined && !this.#upstream.available(file);
  }

  /** Retention may have removed it: then it comes again with another file, and is removed again. */
  #isOld(nowMs: number, raw: Uint8Array): boolean {
    const { retentionDays } = this.#plan;
    const wrongBy = this.#plan.on.has("clockJumps") ? 25 * HOUR_US : 0;
    return retentionDays !== undefined && timeKey(raw) < nowMs * 1_000 - retentionDays * 24 * HOUR_US + wrongBy;
  }

  #isErased({ raw, event }: PublishedLine): boolean {
    return this.#erasedIds.has(event?.id ?? sha256(raw));
  }

  /** What is claimed to be complete is: every file that came no later than the allowance is done, or declared lost. */
  #claim(nowMs: number, row: SourceRow): void {
    if (row.complete_through_us === null) return;
    const states = this.#reader!.states(row.source);
    const gaps = this.#reader!.gaps(row.source);
    for (const file of this.#published.files) {
      if (file.source !== row.data_source || file.endUs >= row.complete_through_us) continue;
      const lateMs = file.publishedMs - file.endUs / 1_000;
      if (file.publishedMs > nowMs || lateMs > this.#plan.overlapMs || file.foreign) continue;
      const state = states.get(file.id);
      if (this.#vanishedUnseen(file, state)) continue;
      if (state === "done" || state === "expired" || covered(gaps, file.endUs)) continue;
      this.#violation(
        nowMs,
        `I5 ${row.data_source} claims ${micros(row.complete_through_us)}, but ${file.id} of ${file.endTime} is ${state ?? "not known"}`,
      );
    }
  }

  /** Everything is well again, long after the last fault. */
  atEnd(nowMs: number): void {
    this.afterCommit(nowMs);
    for (const row of this.#reader!.sources()) {
      const states = this.#reader!.states(row.source);
      const gaps = this.#reader!.gaps(row.source);
      const files = this.#published.files.filter(({ source }) => source === row.data_source);
      for (const file of files) this.#judgeAtEnd(nowMs, file, states.get(file.id), gaps);
      const open = [...states].filter(
        ([id, state]) => state !== "done" && state !== "expired" && !this.#files.get(id)?.foreign,
      );
      if (open.length > 0)
        this.#violation(
          nowMs,
          `I10 ${row.data_source}: still open: ${open.map(([id, state]) => `${id} ${state}`).join(", ")}`,
        );
      this.#counts(nowMs, row);
    }
    this.#heldAtEnd(nowMs);
  }

  #judgeAtEnd(nowMs: number, file: PublishedFile, state: string | undefined, gaps: readonly GapRow[]): void {
    // A file later than the allowance is found by the deep scan, which there is once a day.
    if (file.foreign || file.publishedMs > nowMs - DEEP_SCAN_MS || state === "done") return;
    const what = `I9 ${file.id} of ${file.endTime}`;
    const declared = covered(gaps, file.endUs);
    if (this.#upstream.available(file)) {
      if (!declared || state === "expired") this.#violation(nowMs, `${what} can be had and is ${state ?? "not known"}`);
      return;
    }
    // Nobody can know of a file that came later than the allowance and was gone before anybody could ask.
    const lateMs = file.publishedMs - file.endUs / 1_000;
    const unknowable = lateMs > this.#plan.overlapMs && !this.#upstream.wasListed(file);
    if (!declared && !unknowable && !this.#vanishedUnseen(file, state))
      this.#violation(nowMs, `${what} is lost, and no gap says so`);
  }

  #counts(nowMs: number, row: SourceRow): void {
    const counted = this.#reader!.counted(row.source);
    for (const [name, value] of Object.entries(counted)) {
      if (value !== row[name as keyof SourceRow])
        this.#violation(nowMs, `I9 ${row.data_source}: ${name} says ${row[name as keyof SourceRow]}, counted ${value}`);
    }
  }

  // What was stored is still there, byte for byte, unless it is old or erased.
  #heldAtEnd(nowMs: number): void {
    const held = new Set<string>();
    for (const { raw, event_id, content_hash } of this.#reader!.all()) {
      const digest = hex(raw);
      held.add(nameless(raw) ? digest : `${event_id}|${digest}`);
      if (digest !== Buffer.from(content_hash).toString("hex"))
        this.#violation(nowMs, `I12 ${event_id}: the bytes are not those of the hash`);
    }
    const { retentionDays } = this.#plan;
    const keptFrom = retentionDays === undefined ? 0 : nowMs * 1_000 - retentionDays * 24 * HOUR_US;
    for (const row of this.#reader!.sources()) {
      for (const { file_id } of this.#reader!.done(row.source)) {
        for (const line of this.#files.get(file_id)?.lines ?? []) {
          const at = timeKey(line.raw);
          if (
            line.event === undefined ||
            this.#isErased(line) ||
            (retentionDays !== undefined && (at === 0 || this.#isOld(nowMs, line.raw)))
          )
            continue;
          const digest = hex(line.raw);
          const key = line.event.id === undefined ? digest : `${wellFormed(line.event.id)}|${digest}`;
          if (!held.has(key)) this.#violation(nowMs, `I9 ${file_id}: event ${key.slice(0, 40)} is gone`);
        }
      }
    }
    if (retentionDays !== undefined && this.#reader!.before(keptFrom - 2 * HOUR_US, nowMs * 1_000 - 2 * HOUR_US) > 0)
      this.#violation(nowMs, "retention left events older than it allows");
  }

  violation(nowMs: number, text: string): void {
    this.#violation(nowMs, text);
  }

  #violation(nowMs: number, text: string): void {
    if (this.violations.length < 20) this.violations.push(`${new Date(nowMs).toISOString()} ${text}`);
  }
}

/** A gap tells of the files that end in it; a suspected one may stand a second beside. */
const covered = (gaps: readonly GapRow[], endUs: number) =>
  gaps.some(({ from_us, to_us }) => from_us - 1_000_000 <= endUs && endUs <= to_us + 1_000_000);

const keyOf = ({ source, id }: PublishedFile, { raw, event }: PublishedLine) =>
  event?.id === undefined ? `${source}|${id}|${hex(raw)}` : `${source}|${event.id}|${hex(raw)}`;

const hex = (bytes: Uint8Array) => sha256(bytes);
const wellFormed = (text: string) => text.toWellFormed();
const nameless = (raw: Uint8Array) => !Buffer.from(raw).includes('"event_id"');
const micros = (us: number) => new Date(us / 1_000).toISOString();

/** The instant in the line, in µs, read as UTC; 0 where there is none. Written apart from the product's own reading. */
function timeKey(raw: Uint8Array): number {
  const match = /"timestamp":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z?"/.exec(
    Buffer.from(raw).toString("latin1"),
  );
  if (!match) return 0;
  return Date.parse(`${match[1]}Z`) * 1_000 + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
}
