// A bulk request is answered item by item: status 200 says only that it could be read.
import { z } from "zod";
import { type AnswerAbout, outletError, quoted } from "../../http/outlet-error.ts";
import type { OutletAnswer, Refusal, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { requestRefused } from "./request-refused.ts";

const Fault = z.looseObject({ type: z.string().default(""), reason: z.string().nullish() });
const Outcome = z.object({
  status: z.int(),
  error: z.union([Fault, z.string().transform((reason) => ({ type: "", reason }))]).optional(),
  failure_store: z.string().optional(),
});
const Bulk = z.object({ items: z.array(z.object({ create: Outcome })) });

type Outcome = z.infer<typeof Outcome>;

/** Of an answer, only what is read here: a large batch is answered by more than can be kept of it otherwise. */
export const BULK_PARTS = "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.failure_store";

const CHECK_NAME = "Check the name of the data stream, and that Elasticsearch or OpenSearch answers at this address";

export interface BulkAbout extends AnswerAbout {
  readonly stream: string;
}

/** What became of a batch. Throws where the answer is about all of it, and where not a single event was taken for now. */
export function bulkOutcome(answer: OutletAnswer, count: number, about: BulkAbout): Sent {
  if (answer.status !== 200) throw requestRefused(outletError(answer, about), CHECK_NAME);
  const outcomes = outcomesIn(answer.text);
  // Nothing of it is told: it can hold pieces of events.
  if (outcomes?.length !== count) throw outletError({ ...answer, text: "" }, about);
  const refused: Refusal[] = [];
  const again: number[] = [];
  let stored = 0;
  for (const [index, outcome] of outcomes.entries()) {
    const meaning = meaningOf(outcome);
    if (meaning === "halt") throw haltFor(outcome, about);
    if (meaning === "again") again.push(index);
    if (meaning === "refused") refused.push({ index, reason: reasonOf(outcome), answer: wordsOf(outcome, about) });
    if (outcome.failure_store === "used") stored++;
  }
  if (again.length === count) throw nothingTaken(outcomes[0]!, about);
  return { refused, again, warning: warningFor(stored, about.stream) };
}

type Meaning = "taken" | "again" | "refused" | "halt";

function meaningOf({ status, error }: Outcome): Meaning {
  // 409: a document with this id is there already, which is what a repeat finds.
  if ((status >= 200 && status < 300) || status === 409) return "taken";
  // A disk that is too full blocks an index: with 429, or with 403 in older versions.
  if (status === 429 || status >= 500 || error?.type === "cluster_block_exception") return "again";
  return status === 401 || status === 403 || status === 404 ? "halt" : "refused";
}

function reasonOf({ status, error }: Outcome): string {
  if (status === 413) return "too_large";
  return /mapp|parsing|strict_dynamic|illegal_argument/.test(error?.type ?? "") ? "mapping" : "malformed";
}

// Elasticsearch quotes the value that it could not take: a piece of somebody's conversation.
function wordsOf({ error }: Outcome, { secrets = [] }: AnswerAbout): string {
  const reason = (error?.reason ?? "").replace(/,? ?Preview of field's value: [\s\S]*$/, "");
  return quoted([error?.type, reason].filter(Boolean).join(": "), secrets);
}

function haltFor(outcome: Outcome, about: BulkAbout): CollectorError {
  const said = `${about.host} does not let us write to ${about.stream}: ${wordsOf(outcome, about)}`;
  if (outcome.status === 404)
    return new CollectorError("config_invalid", said, {
      reason: "stream_missing",
      status: 404,
      action: "Create the data stream, or let it be created with its first event",
    });
  return new CollectorError("auth_failed", said, {
    reason: "privilege_missing",
    status: outcome.status,
    action: `Give the key or user the privileges create_doc and auto_configure on ${about.stream}`,
  });
}

function nothingTaken(outcome: Outcome, about: BulkAbout): CollectorError {
  const isBusy = outcome.status === 429;
  return new CollectorError(
    isBusy ? "rate_limited" : "unavailable",
    `${about.host} took no event for now: ${wordsOf(outcome, about)}`,
    {
      reason: isBusy ? "throttled" : "server_error",
      status: outcome.status,
      action: "If it stays, check the health of the cluster and the space on its disks",
    },
  );
}

function warningFor(stored: number, stream: string): string | undefined {
  if (stored === 0) return undefined;
  const what = stored === 1 ? "An event does" : `${stored} events do`;
  return `${what} not fit the mapping of ${stream} and went to its failure store`;
}

function outcomesIn(text: string): readonly Outcome[] | undefined {
  try {
    return Bulk.safeParse(JSON.parse(text)).data?.items.map(({ create }) => create);
  } catch {
    return undefined;
  }
}
