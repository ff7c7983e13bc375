// The calendar as text: a row a day and a character an hour, or for long times a row a month and a character a day.
import {
  type CoverageBucket,
  type CoverageState,
  coverageStates,
  MINUTE_US,
  type MinuteCounts,
} from "../model/coverage.ts";
import { isoFromUs } from "../model/time.ts";
import type { Output } from "./cli.ts";
import { paint } from "./marks.ts";
import { spokenNumber } from "./table.ts";

interface Sign {
  readonly sign: string;
  readonly words: string;
  readonly colour: Parameters<typeof paint>[0];
}

/** Told apart by shape; colour only helps. */
const signs: Readonly<Record<CoverageState, Sign>> = {
  lost: { sign: "✗", words: "lost for good", colour: "red" },
  missing: { sign: "!", words: "missing", colour: "yellow" },
  pending: { sign: "▒", words: "pending", colour: "blue" },
  not_scanned: { sign: "?", words: "not looked at yet", colour: "gray" },
  late_possible: { sign: "~", words: "late files possible", colour: "gray" },
  not_asked: { sign: "-", words: "not asked for", colour: "gray" },
  collected: { sign: "█", words: "collected", colour: "green" },
  empty: { sign: "·", words: "empty", colour: "gray" },
};

/** Cells of hours, or `byDay` of days; they begin at whole ones. */
export function calendarLines(cells: readonly CoverageBucket[], byDay: boolean, output: Output): readonly string[] {
  const rows = Map.groupBy(cells, ({ from }) => isoFromUs(from * MINUTE_US).slice(0, byDay ? 7 : 10));
  const places = byDay ? 31 : 24;
  return [
    `${" ".repeat(12)}${Array.from({ length: places }, (_, place) => headAt(place, byDay)).join("")}`.trimEnd(),
    ...[...rows].map(([name, row]) => {
      const signsAt = Array.from({ length: places }, (_, place) => {
        const cell = row.find(({ from }) => placeOf(from, byDay) === place);
        return cell === undefined ? " " : paint(signs[cell.worst].colour, signs[cell.worst].sign, output);
      });
      return `  ${name.padEnd(10)}${signsAt.join("")}`.trimEnd();
    }),
  ];
}

const headAt = (place: number, byDay: boolean) => {
  const every = byDay ? 5 : 6;
  if (byDay) return (place + 1) % every === 0 ? String((place + 1) % 10) : ".";
  return place % every === 0 ? String(place).padEnd(every) : "";
};

function placeOf(minute: number, byDay: boolean): number {
  const text = isoFromUs(minute * MINUTE_US);
  return byDay ? Number(text.slice(8, 10)) - 1 : Number(text.slice(11, 13));
}

/** The states that there are, the worst first, with how many minutes of each. */
export const legendLines = (minutes: MinuteCounts, output: Output): readonly string[] =>
  coverageStates
    .filter((state) => minutes[state] > 0)
    .map((state) => {
      const { sign, words, colour } = signs[state];
      return `  ${paint(colour, sign, output)} ${words}, ${spokenNumber(minutes[state])} minutes`;
    });
