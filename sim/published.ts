// What upstream publishes in the simulated weeks: an independent list, made before anything runs, that the oracle judges by.
import { createHash } from "node:crypto";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import type { Switch } from "./switches.ts";

export const WORKSPACE = "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
const FOREIGN = "00000000-dead-4bad-8bad-000000000000";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const sources = [
  { name: "conversations", type: "CONVERSATION_MESSAGE" },
  { name: "auth-log", type: "AUTH_LOG" },
] as const;
export type SourceName = (typeof sources)[number]["name"];

/** One piece of a line that the collector has to keep: an event, or what cannot be read. */
export interface PublishedLine {
  readonly raw: Buffer;
  /** Undefined: the line is to be quarantined. */
  readonly event: { readonly id: string | undefined } | undefined;
}

export interface PublishedFile {
  readonly id: string;
  readonly source: SourceName;
  readonly type: string;
  /** As upstream prints it, and in µs. */
  readonly endTime: string;
  readonly endUs: number;
  readonly publishedMs: number;
  readonly lines: readonly PublishedLine[];
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly hashListed: boolean;
  readonly foreign: boolean;
  /** Upstream deletes it this long after it was first listed. */
  readonly vanishesAfterMs: number | undefined;
  /** Until then every download of it fails. */
  readonly failsUntilMs: number;
}

export interface Published {
  readonly files: readonly PublishedFile[];
  readonly events: number;
  /** How often each hazard got into what is published. */
  readonly fired: ReadonlyMap<Switch, number>;
}

export interface Season {
  readonly seed: number;
  readonly on: ReadonlySet<Switch>;
  readonly startMs: number;
  readonly endMs: number;
  readonly overlapMs: number;
}

export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** The same season always publishes the same bytes. */
export function publish(season: Season): Published {
  const maker = new Maker(season);
  for (const { name, type } of sources) maker.source(name, type);
  return maker.result();
}

interface Slot {
  readonly endUs: number;
  readonly endTime: string;
}

class Maker {
  readonly #season: Season;
  readonly #fired = new Map<Switch, number>();
  readonly #files: PublishedFile[] = [];
  readonly #known = new Map<SourceName, Buffer[]>();
  #events = 0;

  constructor(season: Season) {
    this.#season = season;
  }

  source(name: SourceName, type: string): void {
    this.#known.set(name, []);
    for (const [i, slot] of this.#slots(name).entries()) this.#file(name, type, slot, i);
    if (this.#draws("foreignFiles")) this.#foreign(name, type);
  }

  result(): Published {
    return { files: this.#files, events: this.#events, fired: this.#fired };
  }

  #draws(name: Switch, share = 1, random?: Random): boolean {
    return this.#season.on.has(name) && (share === 1 || random!.chance(share));
  }

  #fire(name: Switch): void {
    this.#fired.set(name, (this.#fired.get(name) ?? 0) + 1);
  }

  /** End times: spread over the season, some of them shared. */
  #slots(name: SourceName): Slot[] {
    const { seed, startMs, endMs } = this.#season;
    const random = randomOf(seed, "slots", name);
    const ties = randomOf(seed, "ties", name);
    const count = random.between(11, 15);
    const slots: Slot[] = [];
    const step = (endMs - startMs) / count;
    for (let i = 0; i < count; i += 1) {
      const ms = startMs + i * step + random.fraction() * step * 0.8;
      const endUs = Math.floor(ms) * 1_000 + random.between(0, 999);
      const slot = { endUs, endTime: isoUs(endUs) };
      slots.push(slot);
      const shared = this.#draws("ties") && ties.chance(0.2) ? ties.between(1, 2) : 0;
      if (shared > 0) this.#fire("ties");
      for (let k = 0; k < shared; k += 1) slots.push(slot);
    }
    if (this.#draws("largeTies")) {
      this.#fire("largeTies");
      const slot = slots[ties.between(2, slots.length - 2)]!;
      for (let k = 0; k < 6; k += 1) slots.push(slot);
    }
    return slots.sort((a, b) => a.endUs - b.endUs);
  }

  #file(source: SourceName, type: string, slot: Slot, index: number): void {
    const { seed } = this.#season;
    const id = `eclf_${source}_${index}`;
    const lines = this.#lines(source, type, slot, id);
    const random = randomOf(seed, "file", id);
    const bytes = joined(lines, random);
    const endMs = slot.endUs / 1_000;
    this.#files.push({
      id,
      source,
      type,
      ...slot,
      publishedMs: endMs + this.#delayMs(id),
      lines,
      bytes,
      sha256: sha256(bytes),
      hashListed: !this.#fires("absentHashes", 0.3, randomOf(seed, "hash", id)),
      foreign: false,
      vanishesAfterMs: this.#vanishesAfter(id),
      failsUntilMs: this.#failsUntil(id, endMs),
    });
  }

  #fires(name: Switch, share: number, random: Random): boolean {
    const happens = random.chance(share) && this.#season.on.has(name);
    if (happens) this.#fire(name);
    return happens;
  }

  #delayMs(id: string): number {
    const { seed, overlapMs } = this.#season;
    const usual = randomOf(seed, "delay", id).between(60_000, 25 * 60_000);
    const veryLate = randomOf(seed, "very late", id);
    if (this.#fires("veryLateFiles", 0.08, veryLate)) return overlapMs + veryLate.fraction() * 4 * DAY_MS;
    const late = randomOf(seed, "late", id);
    return this.#fires("lateFiles", 0.2, late) ? late.between(HOUR_MS, Math.max(HOUR_MS, overlapMs * 0.95)) : usual;
  }

  #vanishesAfter(id: string): number | undefined {
    const random = randomOf(this.#season.seed, "vanish", id);
    return this.#fires("vanishingFiles", 0.08, random) ? random.between(0, 6 * HOUR_MS) : undefined;
  }

  #failsUntil(id: string, endMs: number): number {
    const { seed, overlapMs } = this.#season;
    const random = randomOf(seed, "fails", id);
    return this.#fires("downloadFailures", 0.12, random) ? endMs + random.fraction() * 2 * overlapMs : 0;
  }

  #foreign(source: SourceName, type: string): void {
    const { seed, startMs, endMs } = this.#season;
    const random = randomOf(seed, "foreign", source);
    this.#fire("foreignFiles");
    const endUs = Math.floor(startMs + random.fraction() * (endMs - startMs)) * 1_000;
    const raw = Buffer.from(JSON.stringify({ event_id: random.uuid(), type, principal: { id: FOREIGN } }));
    const line = { raw, event: { id: "foreign" } };
    this.#files.push({
      id: `eclf_${source}_foreign`,
      source,
      type,
      endUs,
      endTime: isoUs(endUs),
      publishedMs: endUs / 1_000 + 60_000,
      lines: [line],
      bytes: raw,
      sha256: sha256(raw),
      hashListed: true,
      foreign: true,
      vanishesAfterMs: 12 * HOUR_MS,
      failsUntilMs: 0,
    });
  }

  #lines(source: SourceName, type: string, slot: Slot, fileId: string): PublishedLine[] {
    const random = randomOf(this.#season.seed, "lines", fileId);
    const known = this.#known.get(source)!;
    const lines: PublishedLine[] = [];
    const count = random.between(13, 17);
    for (let i = 0; i < count; i += 1) {
      const made = this.#line(type, slot, `${fileId}:${i}`, known);
      lines.push(...made);
      for (const { raw, event } of made) if (event?.id !== undefined) known.push(raw);
      this.#events += made.filter(({ event }) => event !== undefined).length;
    }
    return lines;
  }

  /** One line; two pieces where two objects stand on it. */
  #line(type: string, slot: Slot, place: string, known: readonly Buffer[]): PublishedLine[] {
    const { seed } = this.#season;
    const again = randomOf(seed, "again", place);
    if (known.length > 0 && this.#fires("duplicates", 0.06, again)) return [asEvent(again.pick(known))];
    const changed = randomOf(seed, "changed", place);
    if (known.length > 0 && this.#fires("changedPayloads", 0.04, changed))
      return [asEvent(edited(changed.pick(known)))];
    const bad = randomOf(seed, "bad", place);
    if (this.#fires("badLines", 0.03, bad))
      return [{ raw: Buffer.from(`{"event_id": oops ${bad.hex(6)}`), event: undefined }];
    const first = this.#event(type, slot, place);
    const second = randomOf(seed, "two", place);
    if (!this.#fires("concatenated", 0.03, second)) return [first];
    return [first, { ...this.#event(type, slot, `${place}+`), glued: true } as PublishedLine];
  }

  #event(type: string, slot: Slot, place: string): PublishedLine {
    const { seed } = this.#season;
    const random = randomOf(seed, "event", place);
    const strange = this.#fires("unknownTypes", 0.05, randomOf(seed, "type", place));
    const id = this.#fires("noEventId", 0.04, randomOf(seed, "id", place)) ? undefined : random.uuid();
    const body = {
      ...(id === undefined ? {} : { event_id: id }),
      type: strange ? `NEW_${random.hex(2)}` : type,
      ...this.#time(slot, place),
      principal: { id: WORKSPACE, type: "workspace" },
      message: { id: random.uuid(), text: random.alphanumeric(random.between(5, 60)) },
    };
    const text = JSON.stringify(body);
    if (!this.#fires("hostileText", 0.06, randomOf(seed, "hostile", place)))
      return { raw: Buffer.from(text), event: { id } };
    const hostile = Buffer.concat([
      Buffer.from(`${text.slice(0, -1)},"x":"\\u0000\\ud800 \u202e`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('","n":12345678901234567890}'),
    ]);
    return { raw: hostile, event: { id } };
  }

  #time(slot: Slot, place: string): { timestamp?: string } {
    const { seed } = this.#season;
    const usual = isoUs(slot.endUs - randomOf(seed, "time", place).between(0, 600_000_000));
    const odd = randomOf(seed, "odd", place);
    if (!this.#fires("oddTimes", 0.1, odd)) return { timestamp: usual };
    const second = usual.slice(0, 19);
    return odd.pick([
      {},
      { timestamp: `${second}Z` },
      { timestamp: `${second}.123Z` },
      { timestamp: `${second}.123456789Z` },
      { timestamp: second },
    ]);
  }
}

function joined(lines: readonly PublishedLine[], random: Random): Buffer {
  const end = random.pick(["\n", "\n", ""]);
  const parts: Buffer[] = [];
  for (const [i, line] of lines.entries()) {
    const glued = "glued" in (lines[i + 1] ?? {});
    parts.push(line.raw, Buffer.from(glued ? "" : i === lines.length - 1 ? end : "\n"));
  }
  return Buffer.concat(parts);
}

function asEvent(raw: Buffer): PublishedLine {
  const { event_id: id } = JSON.parse(raw.toString("utf8")) as { event_id?: string };
  return { raw, event: { id } };
}

/** The same event with one more field: other bytes, same id and time. */
const edited = (raw: Buffer) => Buffer.concat([raw.subarray(0, -1), Buffer.from(',"edited":true}')]);

/** RFC 3339 with microseconds. */
export function isoUs(us: number): string {
  const ms = Math.floor(us / 1_000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us - ms * 1_000).padStart(3, "0")}Z`;
}
