// Deliveries as they stand in the store: positions, recorded batches, dead letters, receipts, replays.
import type { RecordedError } from "./store.ts";

/** One collector's log on its way to one destination: live, or a replay of a part of it. */
export interface Delivery {
  readonly id: number;
  readonly destinationId: string;
  readonly collectorId: string;
  /** Undefined: what comes in from now on. */
  readonly replay: number | undefined;
  /** Nothing up to this log position concerns it. */
  readonly start: number;
  /** Up to here everything is filtered out, or in a batch. */
  readonly cut: number;
  /** Up to here everything is settled: delivered, filtered out, or a dead letter. */
  readonly position: number;
  /** The last position that concerns it; undefined: it goes on with the log. */
  readonly end: number | undefined;
  /** Only these events concern it; bounds on the event's time in µs since 1970, from inclusive, to exclusive. A live one takes all. */
  readonly dataSource: string | undefined;
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
}

/** Events by the hour in which they were taken in: hours since 1970. */
export type ByHour = Readonly<Record<number, number>>;

/** A batch, cut and recorded. It is sent until every event in it is settled. */
export interface OpenBatch {
  readonly number: number;
  readonly deliveryId: number;
  /** Its events stand after this position … */
  readonly after: number;
  /** … and up to this one. */
  readonly upTo: number;
  /** Only these positions; undefined: all that the filter lets through. */
  readonly only: readonly number[] | undefined;
  /** As it was cut. */
  readonly batchId: string;
  readonly events: number;
  readonly bytes: number;
  /** SHA-256 over the bodies, for telling whether a repeat is the same bytes. */
  readonly sha256: string;
  readonly hours: ByHour;
  readonly attempts: number;
  /** When it is due; undefined: at once. */
  readonly nextAt: string | undefined;
  readonly error: RecordedError | undefined;
  readonly cutAt: string;
}

export type NewBatch = Pick<
  OpenBatch,
  "after" | "upTo" | "batchId" | "events" | "bytes" | "sha256" | "hours" | "cutAt"
>;

/** What a step of cutting found: events that the filter keeps back, and perhaps a batch of the others. */
export interface Cut {
  readonly deliveryId: number;
  /** The delivery's `cut` before: another step in between makes this one void. */
  readonly from: number;
  readonly upTo: number;
  readonly filtered: ByHour;
  readonly batch: NewBatch | undefined;
}

export interface NewDeadLetter {
  readonly seq: number;
  readonly key: string;
  readonly eventId: string;
  readonly type: string;
  readonly hour: number;
  /** A stable word. */
  readonly reason: string;
  /** What the destination said. */
  readonly answer: string;
}

export type DeadLetterState =
  | "dead" // waits for a person
  | "again" // a person has asked to send it again
  | "delivered" // it went through when sent again
  | "discarded"; // a person has given it up

export interface DeadLetter extends NewDeadLetter {
  readonly id: number;
  readonly deliveryId: number;
  readonly destinationId: string;
  readonly collectorId: string;
  readonly at: string;
  readonly attempts: number;
  readonly state: DeadLetterState;
  /** Who sent it again or gave it up last. */
  readonly by: string | undefined;
}

/** How an attempt ended: what is settled of the batch. What is in no list is still to be sent. */
export interface Settlement {
  readonly number: number;
  readonly delivered: ByHour;
  readonly dead: readonly NewDeadLetter[];
  /** Were cut into the batch, and are there no more or are not to be sent any more: erased, or kept back by a changed filter. */
  readonly withdrawn: ByHour;
  /** Positions still to be sent; empty: the batch is done. */
  readonly left: readonly number[];
  readonly at: string;
}

/**
 * What became of the events of one collector that were taken in during one hour. What was collected and what is pending are counted in
 * the log by themselves, so that the sum proves something: collected = filtered + delivered + dead + withdrawn + pending.
 */
export interface HourlyAccount {
  readonly collectorId: string;
  /** Since 1970. */
  readonly hour: number;
  readonly collected: number;
  readonly filtered: number;
  readonly delivered: number;
  readonly dead: number;
  readonly withdrawn: number;
  /** Not settled, whatever the hour that was asked for. */
  readonly pending: number;
}

export interface NewReplay {
  readonly destinationId: string;
  readonly collectorIds: readonly string[];
  readonly dataSource: string | undefined;
  /** Bounds on the event's time, µs since 1970; from inclusive, to exclusive. */
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
  /** What the forecast said. */
  readonly events: number;
  readonly by: string;
  readonly at: string;
}

export interface Replay extends NewReplay {
  readonly id: number;
  readonly state: "running" | "done" | "cancelled";
  readonly delivered: number;
  readonly filtered: number;
  readonly dead: number;
  readonly endedAt: string | undefined;
}

/**
 * The delivery engine's side of the store. Every change is one transaction, durable when the promise resolves; all throw
 * CollectorError `storage` where the disk is full or failing. What `settle` and `failBatch` record outlives the process, but a power cut
 * can take it back until anything else is written: the same batch, with the same keys, is then sent once more.
 */
export interface DeliveryStore {
  /**
   * The live deliveries of a destination, one for each of these collectors: made where they are new, beginning at `from` (`start`: with the
   * oldest event that is held; `now`: with what comes in next). Those of other collectors are ended.
   */
  openDeliveries(
    destinationId: string,
    collectorIds: readonly string[],
    from: "start" | "now",
  ): Promise<readonly Delivery[]>;
  /** Live ones and those of running replays. */
  deliveries(destinationId: string): Promise<readonly Delivery[]>;
  /** Records what was cut. False where somebody else has cut meanwhile: nothing is changed then. */
  recordCut(cut: Cut): Promise<boolean>;
  openBatches(deliveryId: number): Promise<readonly OpenBatch[]>;
  /** An attempt failed as a whole: the batch is due again at `nextAt`. */
  failBatch(number: number, error: Omit<RecordedError, "since" | "count">, nextAt: string): Promise<void>;
  settle(settlement: Settlement): Promise<void>;
  /** Of a batch that is refused as a whole, two. Returns false where it holds a single event. */
  halve(number: number, events: readonly { readonly seq: number; readonly hour: number }[]): Promise<boolean>;
  /** Dead letters that a person wants to be sent again. */
  lettersToSend(destinationId: string, limit: number): Promise<readonly DeadLetter[]>;
  settleLetter(
    id: number,
    outcome: "delivered" | { readonly reason: string; readonly answer: string },
    at: string,
  ): Promise<void>;
  /** Returns how many there were in a state that allows it. */
  changeLetters(
    destinationId: string,
    ids: readonly number[] | "all",
    to: "again" | "discarded",
    by: string,
  ): Promise<number>;
  requestReplay(replay: NewReplay): Promise<number>;
  cancelReplay(id: number, by: string, at: string): Promise<boolean>;
  /** A delivery of a replay is through: ends the replay where it was the last one. */
  endReplayDelivery(deliveryId: number, at: string): Promise<void>;
  /** Forgets a destination: positions, batches, dead letters and receipts. */
  removeDestination(destinationId: string): Promise<void>;
}

/** The reading side. */
export interface DeliveryReader {
  /** Every live delivery and those of running replays, with what is still to come. */
  deliveryStates(): Promise<readonly DeliveryState[]>;
  /** The live deliveries of a destination, all counted at the same moment; hours from inclusive, to exclusive, in no order. */
  hourlyAccounts(query: {
    readonly destinationId: string;
    readonly fromHour: number;
    readonly toHour: number;
  }): Promise<readonly HourlyAccount[]>;
  deadLetters(query: {
    readonly destinationId: string;
    readonly state?: DeadLetterState | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<readonly DeadLetter[]>;
  /** Dead letters that wait for a person or to be sent again, by destination; those of replays, and of ended ones, as well. */
  waitingLetters(): Promise<ReadonlyMap<string, number>>;
  replays(destinationId: string): Promise<readonly Replay[]>;
  /** Events of the log between two positions, as the ledger counts them. */
  countLog(query: {
    readonly collectorId: string;
    readonly dataSource?: string | undefined;
    readonly after: number;
    readonly fromUs?: number | undefined;
    readonly toUs?: number | undefined;
  }): Promise<number>;
}

export interface DeliveryState extends Delivery {
  /** In the log after `cut`, and held. */
  readonly behind: number;
  /** In open batches. */
  readonly inBatches: number;
  /** When the oldest event that is not settled was taken in; undefined: everything is settled. */
  readonly oldestAt: string | undefined;
  readonly openBatches: number;
  readonly error: RecordedError | undefined;
  readonly delivered: number;
  readonly filtered: number;
  readonly withdrawn: number;
}
