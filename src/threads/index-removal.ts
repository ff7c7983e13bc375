// What retention has removed from the log leaves the index as well.
import type { OnRemoved } from "../engine/retention.ts";
import type { Logger } from "../model/log.ts";
import type { SearchFollower } from "../search/follower.ts";

/** Documents per transaction: the index goes on following in between. */
const DOCUMENTS = 5_000;

/**
 * Removes from the index what retention has removed from the log. An index that cannot do so now is no reason to stop
 * collecting: it is written to the log, and the next round of retention removes what is left.
 */
export function removalFromIndex(follower: Pick<SearchFollower, "removeBefore">, log: Logger): OnRemoved {
  return async (key, beforeUs, signal) => {
    try {
      for (let last = DOCUMENTS; last >= DOCUMENTS && !signal.aborted; ) {
        last = await follower.removeBefore(key, beforeUs, DOCUMENTS);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.warn({ ...key, error: message }, "expired events not removed from the search index; tried again in an hour");
    }
  };
}
