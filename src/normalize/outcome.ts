// Whether something worked, read out of upstream's own words, of which there is no closed list.

export type Outcome = "success" | "failure" | "unknown";

const WORKED = /(?:^|_)(?:success|succeeded|approved|completed)(?:_|$)/;
const FAILED =
  /(?:^|_)(?:error|failed|failure|fail|blocked|denied|rejected|invalid|abort|aborted|timed_out|unauthorized)(?:_|$)/;

/** The result decides where upstream tells one, else the action; a word of failure in either outweighs one of success. */
export function outcomeOf(action: string | undefined, result: string | undefined): Outcome {
  const word = (result ?? action ?? "").toLowerCase();
  if (FAILED.test(word)) return "failure";
  return WORKED.test(word) ? "success" : "unknown";
}
