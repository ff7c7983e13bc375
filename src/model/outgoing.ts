// An event on its way out: what stands in the store, as one destination shall see it.
import type { StoredEvent } from "./event.ts";
import type { EventNames } from "./event-json.ts";

/** What a format writes from. Nothing in it is changed by formatting. */
export interface EventView extends EventNames {
  /** As stored; where fields are masked, with `raw` after masking. */
  readonly stored: StoredEvent;
  /** `stored.raw` as text; undefined where it is not valid UTF-8. */
  readonly text: string | undefined;
  /** `text` as JSON; undefined where it is not an object. For looking things up, never for printing: large integers have lost digits. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

export const formatNames = ["raw", "ecs", "ocsf", "ocsf-1.9", "exabeam-raw", "cef", "leef"] as const;
export type FormatName = (typeof formatNames)[number];

/** A way to write an event. Pure: the same view always gives the same text, so that a repeated delivery is the same bytes. */
export interface Format {
  readonly name: FormatName;
  readonly title: string;
  /** One sentence: who reads it. */
  readonly description: string;
  /** `json`: one JSON object without a line end. `text`: one line of text. */
  readonly kind: "json" | "text";
  /** Never throws: whatever can be stored can be written. */
  render(view: EventView): string;
}

export interface OutgoingEvent {
  /** The stable identity for de-duplication: see `eventKey`. */
  readonly key: string;
  readonly view: EventView;
  /** The event in the destination's format: one JSON object, or one line of text; no line end. */
  readonly body: string;
  /** Bytes of `body` in UTF-8. */
  readonly bytes: number;
  /** Events of one group are to stay in their order: the conversation's id, else the data source's name. */
  readonly group: string;
}

/** Cut once and recorded before it is sent: a repeated attempt has the same id and the same bytes. */
export interface Batch {
  /** 32 hex digits of a hash over the keys of its events, in order. */
  readonly id: string;
  readonly collectorId: string;
  /** Log positions of the first and last event in it. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** At least one. */
  readonly events: readonly OutgoingEvent[];
}

/**
 * What a destination gets of an event. `kept_back`: its filter does not let it through. `unmaskable`: fields are to be masked and it cannot
 * be read as JSON, so it must not go out.
 */
export type Shape = (stored: StoredEvent) => OutgoingEvent | "kept_back" | "unmaskable";
