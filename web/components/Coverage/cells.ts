import type { Coverage, CoverageState } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";

export type Cell = Coverage["sources"][number]["cells"][number];

/** How each state is named, the worst first; and its mark, for those who do not see the colour. */
export const stateSigns: Readonly<Record<CoverageState, { readonly words: string; readonly mark: string }>> = {
  lost: { words: "lost for good", mark: "✕" },
  missing: { words: "missing", mark: "!" },
  pending: { words: "pending", mark: "…" },
  not_scanned: { words: "not looked at yet", mark: "" },
  late_possible: { words: "late files possible", mark: "~" },
  not_asked: { words: "not asked for", mark: "–" },
  collected: { words: "collected", mark: "" },
  empty: { words: "empty", mark: "·" },
};

export const stateOrder = Object.keys(stateSigns) as readonly CoverageState[];

/** One line of the calendar: a day of hours, or a month of days. */
export interface Row {
  readonly name: string;
  /** One place for each hour or day; undefined where the period has none. */
  readonly cells: readonly (Cell | undefined)[];
}

/** The cells as a calendar, in UTC. */
export function rowsOf(cells: readonly Cell[], stepMinutes: number): readonly Row[] {
  const byDay = stepMinutes > 60;
  const rows = new Map<string, (Cell | undefined)[]>();
  for (const cell of cells) {
    const name = cell.at.slice(0, byDay ? 7 : 10);
    const place = byDay ? Number(cell.at.slice(8, 10)) - 1 : Number(cell.at.slice(11, 13));
    let row = rows.get(name);
    if (row === undefined) {
      row = Array<Cell | undefined>(byDay ? 31 : 24).fill(undefined);
      rows.set(name, row);
    }
    row[place] = cell;
  }
  return [...rows].map(([name, places]) => ({ name, cells: places }));
}

/** A place in the calendar. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Where a key leads: to the next place that has a cell, in that direction; undefined where the key is none or there is none. */
export function placeAfter(rows: readonly Row[], { row, column }: Place, key: string): Place | undefined {
  if (key === "Home" || key === "End") return edgeOf(rows, row, key === "Home");
  const step = steps[key];
  if (step === undefined) return undefined;
  let place: Place = { row: row + step[0], column: column + step[1] };
  while (rows[place.row] !== undefined && place.column >= 0 && place.column < rows[place.row]!.cells.length) {
    if (rows[place.row]!.cells[place.column] !== undefined) return place;
    place = { row: place.row + step[0], column: place.column + step[1] };
  }
  return undefined;
}

function edgeOf(rows: readonly Row[], row: number, first: boolean): Place | undefined {
  const cells = rows[row]?.cells ?? [];
  const column = first
    ? cells.findIndex((cell) => cell !== undefined)
    : cells.findLastIndex((cell) => cell !== undefined);
  return column < 0 ? undefined : { row, column };
}

/** `collected 50 minutes, empty 10 minutes`; the worst first. */
export const minutesWords = (minutes: Cell["minutes"]): string =>
  stateOrder
    .filter((state) => (minutes[state] ?? 0) > 0)
    .map((state) => `${stateSigns[state].words} ${plural(minutes[state]!, "minute")}`)
    .join(", ");

/** When a cell ends, RFC 3339. */
export const endOf = ({ at }: Cell, stepMinutes: number): string =>
  new Date(Date.parse(at) + stepMinutes * 60_000).toISOString();
