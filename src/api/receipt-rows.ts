// What became of the events of each hour at one destination, and whether the sums add up.
import type { Delivery, DeliveryReader, Receipt } from "../model/delivery.ts";

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

/** Hours since 1970. */
export interface Window {
  readonly fromHour: number;
  readonly toHour: number;
}

/** The last hours of a destination's live deliveries, the latest first. */
export async function receiptRows(
  reader: DeliveryReader,
  destinationId: string,
  { now, hours }: { readonly now: Date; readonly hours: number },
): Promise<readonly ReceiptRow[]> {
  const toHour = Math.floor(now.getTime() / HOUR_MS) + 1;
  const window = { fromHour: toHour - hours, toHour };
  const all = await reader.receipts({ destinationId, ...window });
  const live = (await reader.deliveryStates()).filter(
    (state) => state.destinationId === destinationId && state.replay === undefined,
  );
  const rows = await Promise.all(live.map((delivery) => accountOf(reader, delivery, all, window)));
  return rows.flat().sort((a, b) => b.at.localeCompare(a.at));
}

/** The hours of one live delivery. What is pending is counted in the log by itself, so that the sum proves something. */
export async function accountOf(
  reader: DeliveryReader,
  { id, collectorId }: Pick<Delivery, "id" | "collectorId">,
  all: readonly Receipt[],
  window: Window,
): Promise<readonly ReceiptRow[]> {
  const settled = new Map(
    all.filter((one) => one.collectorId === collectorId && one.replay === undefined).map((one) => [one.hour, one]),
  );
  const log = await reader.hoursOfLog({ deliveryId: id, ...window });
  const pending = new Map((await reader.pendingHours(id)).map(({ hour, collected }) => [hour, collected]));
  const hours = new Set([...log.map(({ hour }) => hour), ...settled.keys()]);
  const collected = new Map(log.map((one) => [one.hour, one.collected]));
  return [...hours].map((hour) => {
    const { filtered = 0, delivered = 0, dead = 0, withdrawn = 0 } = settled.get(hour) ?? {};
    const counts = { collected: collected.get(hour) ?? 0, pending: pending.get(hour) ?? 0 };
    return {
      at: new Date(hour * HOUR_MS).toISOString(),
      collectorId,
      ...counts,
      ...{ filtered, delivered, deadLettered: dead, withdrawn },
      reconciles: counts.collected === filtered + delivered + dead + withdrawn + counts.pending,
    };
  });
}
