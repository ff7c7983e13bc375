// What became of the events of each hour at one destination, and whether the sums add up.
import type { DeliveryReader, HourlyAccount } from "../model/delivery.ts";

const HOUR_MS = 3_600_000;
/** Hours of receipts in one answer. */
export const MOST_HOURS = 24 * 31;

export interface ReceiptRow {
  readonly at: string;
  readonly collectorId: string;
  readonly collected: number;
  readonly filtered: number;
  readonly delivered: number;
  readonly deadLettered: number;
  readonly withdrawn: number;
  readonly pending: number;
  /** collected = filtered + delivered + dead-lettered + withdrawn + pending. */
  readonly reconciles: boolean;
}

/** The last hours of a destination's live deliveries, the latest first. */
export async function receiptRows(
  reader: Pick<DeliveryReader, "hourlyAccounts">,
  destinationId: string,
  { now, hours }: { readonly now: Date; readonly hours: number },
): Promise<readonly ReceiptRow[]> {
  const toHour = Math.floor(now.getTime() / HOUR_MS) + 1;
  const accounts = await reader.hourlyAccounts({ destinationId, fromHour: toHour - hours, toHour });
  return accounts.map(rowOf).sort((a, b) => b.at.localeCompare(a.at));
}

/** An account with whether it adds up. */
export function rowOf({ hour, dead, ...account }: HourlyAccount): ReceiptRow {
  const { collected, filtered, delivered, withdrawn, pending } = account;
  return {
    at: new Date(hour * HOUR_MS).toISOString(),
    ...account,
    deadLettered: dead,
    reconciles: collected === filtered + delivered + dead + withdrawn + pending,
  };
}
