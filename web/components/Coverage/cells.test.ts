import { expect, test } from "vitest";
import { type Cell, endOf, minutesWords, placeAfter, rowsOf, stateOrder } from "./cells.ts";

const cell = (at: string): Cell => ({ at, worst: "collected", minutes: { collected: 60 } });
const hours = ["2026-07-15T22:00:00Z", "2026-07-15T23:00:00Z", "2026-07-16T00:00:00Z", "2026-07-16T22:00:00Z"].map(
  cell,
);

test("hours stand in the row of their day, days in the row of their month", () => {
  const rows = rowsOf(hours, 60);
  expect(rows.map(({ name }) => name)).toEqual(["2026-07-15", "2026-07-16"]);
  expect(rows.map((row) => row.cells.length)).toEqual([24, 24]);
  expect(rows[0]?.cells[22]).toBe(hours[0]);
  expect(rows[0]?.cells[0]).toBeUndefined();
  expect(rows[1]?.cells[0]).toBe(hours[2]);

  const days = ["2026-06-30T00:00:00Z", "2026-07-01T00:00:00Z"].map(cell);
  expect(rowsOf(days, 1_440).map(({ name, cells }) => [name, cells.findIndex((one) => one !== undefined)])).toEqual([
    ["2026-06", 29],
    ["2026-07", 0],
  ]);
});

test("the arrow keys lead to the next cell that there is", () => {
  const rows = rowsOf(hours, 60);
  const from = { row: 0, column: 22 };

  expect(placeAfter(rows, from, "ArrowRight")).toEqual({ row: 0, column: 23 });
  expect(placeAfter(rows, from, "ArrowDown")).toEqual({ row: 1, column: 22 });
  expect(placeAfter(rows, { row: 1, column: 22 }, "ArrowLeft")).toEqual({ row: 1, column: 0 });
  expect(placeAfter(rows, { row: 1, column: 22 }, "Home")).toEqual({ row: 1, column: 0 });
  expect(placeAfter(rows, { row: 1, column: 0 }, "End")).toEqual({ row: 1, column: 22 });
  expect(placeAfter(rows, from, "ArrowUp")).toBeUndefined();
  expect(placeAfter(rows, from, "ArrowLeft")).toBeUndefined();
  expect(placeAfter(rows, from, "a")).toBeUndefined();
});

test("a cell is read out with the minutes of each state, the worst first", () => {
  expect(minutesWords({ empty: 10, collected: 49, lost: 1 })).toBe(
    "lost for good 1 minute, collected 49 minutes, empty 10 minutes",
  );
  expect(stateOrder[0]).toBe("lost");
});

test("a cell ends where the next one begins", () => {
  expect(endOf(hours[1]!, 60)).toBe("2026-07-16T00:00:00.000Z");
});
