// The events of one file, column by column: buffers that one thread hands to the next without a copy, and in which the
// collector of garbage finds nothing to do. As objects, the events of a few files were most of the memory in use.
import { hash } from "node:crypto";
import type { PreparedEvent } from "./event.ts";

/** Packed events. Made by `EventPacker`, read with `eventAt`; the columns may have room behind `count`. */
export interface EventColumns {
  readonly count: number;
  /** Per event: line, start, end, place in `types`, flags. */
  readonly places: Uint32Array<ArrayBuffer>;
  readonly timeKeys: Float64Array<ArrayBuffer>;
  /** SHA-256 of each event's bytes, 32 bytes each. */
  readonly hashes: Uint8Array<ArrayBuffer>;
  /** Ids and times in UTF-8, one after the other. */
  readonly texts: Uint8Array<ArrayBuffer>;
  /** Per event: where in `texts` its id ends, and where its time. */
  readonly textEnds: Uint32Array<ArrayBuffer>;
  readonly types: readonly string[];
}

const HASH_BYTES = 32;
const PLACES = 5;
const ENDS = 2;
const FIRST_ROOM = 1024;
/** UTF-8 takes at most this many bytes for a UTF-16 code unit. */
const MOST_BYTES_A_UNIT = 3;

/** Packs events in the order they are added. */
export class EventPacker {
  #count = 0;
  #length = 0;
  #places = new Uint32Array(FIRST_ROOM * PLACES);
  #timeKeys = new Float64Array(FIRST_ROOM);
  #hashes = Buffer.from(new ArrayBuffer(FIRST_ROOM * HASH_BYTES));
  #texts = Buffer.from(new ArrayBuffer(FIRST_ROOM * 64));
  #textEnds = new Uint32Array(FIRST_ROOM * ENDS);
  readonly #types: string[] = [];

  get count(): number {
    return this.#count;
  }

  /** `content`: the event's bytes, of which the SHA-256 is taken. */
  add({ line, start, end, eventId, timeKey, time, type, flags }: PreparedEvent, content: Uint8Array): void {
    if (this.#count === this.#timeKeys.length) this.#grow();
    const i = this.#count++;
    const at = i * PLACES;
    this.#places[at] = line;
    this.#places[at + 1] = start;
    this.#places[at + 2] = end;
    this.#places[at + 3] = this.#typeOf(type);
    this.#places[at + 4] = flags;
    this.#timeKeys[i] = timeKey;
    // As text, because a buffer for each hash costs as much again as the hash.
    this.#hashes.write(hash("sha256", content, "binary"), i * HASH_BYTES, "latin1");
    this.#textEnds[i * ENDS] = this.#write(eventId);
    this.#textEnds[i * ENDS + 1] = this.#write(time);
  }

  /** What was packed. Nothing can be added afterwards without changing it. */
  columns(): EventColumns {
    return {
      count: this.#count,
      places: this.#places,
      timeKeys: this.#timeKeys,
      hashes: new Uint8Array(this.#hashes.buffer),
      texts: new Uint8Array(this.#texts.buffer),
      textEnds: this.#textEnds,
      types: this.#types,
    };
  }

  // Neighbours are mostly of one type, and a file has a handful.
  #typeOf(type: string): number {
    const known = this.#types.lastIndexOf(type);
    return known >= 0 ? known : this.#types.push(type) - 1;
  }

  #write(text: string): number {
    const needed = this.#length + text.length * MOST_BYTES_A_UNIT;
    if (needed > this.#texts.length) this.#texts = Buffer.from(enlarged(this.#texts, Uint8Array, needed).buffer);
    this.#length += this.#texts.write(text, this.#length, "utf8");
    return this.#length;
  }

  #grow(): void {
    this.#places = enlarged(this.#places, Uint32Array);
    this.#timeKeys = enlarged(this.#timeKeys, Float64Array);
    this.#hashes = Buffer.from(enlarged(this.#hashes, Uint8Array).buffer);
    this.#textEnds = enlarged(this.#textEnds, Uint32Array);
  }
}

function enlarged<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  column: ArrayLike<number>,
  Column: new (length: number) => T,
  atLeast = 0,
): T {
  const larger = new Column(Math.max(column.length * 2, atLeast));
  larger.set(column);
  return larger;
}

/** Packs events that are there already; for whoever has no file to read them from. */
export function packEvents(
  events: Iterable<PreparedEvent>,
  contentOf: (event: PreparedEvent) => Uint8Array,
): EventColumns {
  const packer = new EventPacker();
  for (const event of events) packer.add(event, contentOf(event));
  return packer.columns();
}

/** The event at `i`. Throws where there is none. */
export function eventAt({ count, places, timeKeys, texts, textEnds, types }: EventColumns, i: number): PreparedEvent {
  if (i < 0 || i >= count) throw new RangeError(`event ${i} of ${count}`);
  const at = i * PLACES;
  const text = Buffer.from(texts.buffer, texts.byteOffset, texts.byteLength);
  const idStart = i === 0 ? 0 : textEnds[i * ENDS - 1]!;
  const idEnd = textEnds[i * ENDS]!;
  return {
    line: places[at]!,
    start: places[at + 1]!,
    end: places[at + 2]!,
    eventId: text.toString("utf8", idStart, idEnd),
    timeKey: timeKeys[i]!,
    time: text.toString("utf8", idEnd, textEnds[i * ENDS + 1]!),
    type: types[places[at + 3]!]!,
    flags: places[at + 4]!,
  };
}

/** The SHA-256 of the event at `i`: a view of 32 bytes. */
export const hashAt = ({ hashes }: EventColumns, i: number): Uint8Array =>
  hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);

/** The buffers that hold the columns, for handing them over. */
export const buffersOf = ({ places, timeKeys, hashes, texts, textEnds }: EventColumns): ArrayBuffer[] => [
  places.buffer,
  timeKeys.buffer,
  hashes.buffer,
  texts.buffer,
  textEnds.buffer,
];
