import { expect, test } from "vitest";
import type { Receipt } from "../api-types.ts";
import { missingOf, reckoningOf, totalOf } from "./receipts.ts";

const aReceipt = (over: Partial<Receipt> = {}): Receipt => ({
  at: "2026-07-15T14:00:00.000Z",
  collectorId: "col_1",
  collected: 100,
  filtered: 0,
  delivered: 100,
  deadLettered: 0,
  withdrawn: 0,
  pending: 0,
  reconciles: true,
  ...over,
});

test("a period in which all adds up is told with what became of its events", () => {
  const receipts = [aReceipt(), aReceipt({ delivered: 80, filtered: 10, deadLettered: 1, withdrawn: 2, pending: 7 })];

  expect(reckoningOf(receipts)).toEqual({
    ok: true,
    sentence:
      "Every event is accounted for: of 200 collected, 180 delivered, 10 kept back by the filter, 1 dead letter, 2 withdrawn and 7 pending.",
  });
});

test("what does not come about is left out", () => {
  expect(reckoningOf([aReceipt()]).sentence).toBe("Every event is accounted for: of 100 collected, 100 delivered.");
  expect(reckoningOf([]).sentence).toBe("Nothing was collected for it in this period.");
});

test("a row that does not add up is never covered by one that errs the other way", () => {
  const receipts = [
    aReceipt({ delivered: 97, reconciles: false }),
    aReceipt({ delivered: 103, reconciles: false }),
    aReceipt(),
  ];

  expect(reckoningOf(receipts)).toEqual({
    ok: false,
    sentence: "2 of 3 rows do not add up, by 6 events together.",
  });
  expect(receipts.map(missingOf)).toEqual([3, -3, 0]);
});

test("totals are of every column", () => {
  expect(totalOf([aReceipt({ pending: 1 }), aReceipt({ withdrawn: 2 })])).toEqual({
    collected: 200,
    filtered: 0,
    delivered: 200,
    deadLettered: 0,
    withdrawn: 2,
    pending: 1,
  });
});
