// A rewind: the list of a data source is read again from an instant on, at the explicit wish of an operator.
import type { DataSourceKey } from "./event.ts";

export interface FileAmount {
  readonly files: number;
  readonly bytes: number;
}

/** What a rewind would do, found out by listing alone: nothing is downloaded. */
export interface RewindForecast {
  readonly key: DataSourceKey;
  /** RFC 3339. */
  readonly to: string;
  /** Where the cursor stands now. */
  readonly cursor: string;
  /** What upstream lists from `to` on, and when the first of it ended. */
  readonly listed: FileAmount;
  readonly oldestListed: string | undefined;
  /** Not in the ledger, or given up as lost and now listed again: will be fetched. */
  readonly toFetch: FileAmount;
  /** In the ledger and waiting already: will be fetched, rewind or not. */
  readonly waiting: FileAmount;
  /** Done: will be fetched again only if that is asked for. */
  readonly here: FileAmount;
  /** In the ledger, and listed by upstream no more. */
  readonly gone: FileAmount;
  /** What will be fetched again if that is asked for: upstream's ids of the files in `here`. */
  readonly hereIds: readonly string[];
  /** The last rewind of the data source when this was found out; after another one it holds no more. */
  readonly after: number | undefined;
  /** Calls that the listing took. */
  readonly requests: number;
}

export interface RewindRequest {
  readonly to: string;
  /** Done files to be fetched again, by upstream's id. */
  readonly again: readonly string[];
  /** As the forecast says. */
  readonly after: number | undefined;
  readonly by: string;
  readonly at: string;
}

/** The last rewind of a data source. */
export interface RewindState {
  readonly id: number;
  readonly to: string;
  readonly requestedAt: string;
  readonly requestedBy: string;
  /** Where the cursor stood before; undefined until the engine has moved it, which it does at the next look upstream. */
  readonly from: string | undefined;
  /** `requested`: the cursor has not moved yet. `rereading`: files that are done are being fetched again. */
  readonly phase: "requested" | "rereading" | "done" | "cancelled";
  /** Files that are fetched again. `failed`: upstream no longer has them, or other bytes. `inserted`: events that were not here. */
  readonly again: FileAmount & { readonly done: number; readonly failed: number; readonly inserted: number };
}
