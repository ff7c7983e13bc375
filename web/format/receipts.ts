import type { Receipt } from "../api-types.ts";
import { count, plural } from "./numbers.ts";

type Counts = Pick<Receipt, "collected" | "filtered" | "delivered" | "deadLettered" | "withdrawn" | "pending">;

const names = ["collected", "filtered", "delivered", "deadLettered", "withdrawn", "pending"] as const;

/** The sums over all rows. */
export function totalOf(receipts: readonly Counts[]): Counts {
  const sum = (name: (typeof names)[number]) => receipts.reduce((total, receipt) => total + receipt[name], 0);
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as Counts;
}

/** How many events of a row are accounted for nowhere; below zero: more are accounted for than there are. */
export const missingOf = ({ collected, filtered, delivered, deadLettered, withdrawn, pending }: Counts): number =>
  collected - filtered - delivered - deadLettered - withdrawn - pending;

export interface Reckoning {
  readonly ok: boolean;
  readonly sentence: string;
}

/** What the receipts of a period come to. */
export function reckoningOf(receipts: readonly Receipt[]): Reckoning {
  const wrong = receipts.filter(({ reconciles }) => !reconciles);
  if (wrong.length === 0) return { ok: true, sentence: accounted(totalOf(receipts)) };
  const events = wrong.reduce((sum, receipt) => sum + Math.abs(missingOf(receipt)), 0);
  return {
    ok: false,
    sentence: `${count(wrong.length)} of ${plural(receipts.length, "row")} ${wrong.length === 1 ? "does" : "do"} not add up, by ${plural(events, "event")} together.`,
  };
}

function accounted(total: Counts): string {
  if (total.collected === 0) return "Nothing was collected for it in this period.";
  const parts = [
    `${count(total.delivered)} delivered`,
    ...(total.filtered > 0 ? [`${count(total.filtered)} kept back by the filter`] : []),
    ...(total.deadLettered > 0 ? [plural(total.deadLettered, "dead letter")] : []),
    ...(total.withdrawn > 0 ? [`${count(total.withdrawn)} withdrawn`] : []),
    ...(total.pending > 0 ? [`${count(total.pending)} pending`] : []),
  ];
  return `Every event is accounted for: of ${count(total.collected)} collected, ${listed(parts)}.`;
}

const listed = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
