import uPlot from "uplot";
import { shortCount } from "../../format/numbers.ts";
import type { Bucket } from "./buckets.ts";

export interface ChartHooks {
  /** The bucket under the pointer with its place, or nothing. */
  readonly onHover: (index: number | undefined, left: number) => void;
  /** A stretch that was drawn over, milliseconds since 1970. */
  readonly onBrush: (from: number, to: number) => void;
}

export const CHART_HEIGHT = 112;

/** uPlot's columns: the middle of nothing, the beginning of each bucket, and its events. */
export function columnsOf(buckets: readonly Bucket[]): uPlot.AlignedData {
  return [buckets.map(({ from }) => from), buckets.map(({ events }) => events)];
}

/** A bar chart over UTC, zero-based, with a brush along the time. Colours are read from the theme's tokens. */
export function createChart(place: HTMLElement, buckets: readonly Bucket[], hooks: ChartHooks): uPlot {
  const tokens = getComputedStyle(place);
  const token = (name: string) => tokens.getPropertyValue(name).trim();
  const font = `11px ${token("--font")}`;
  const axis: uPlot.Axis = { stroke: token("--quiet"), font, ticks: { show: false }, grid: { show: false } };
  const bars = uPlot.paths.bars?.({ size: [0.86, 48], align: 1, gap: 0 });
  const options: uPlot.Options = {
    width: Math.max(200, place.clientWidth),
    height: CHART_HEIGHT,
    ms: 1,
    tzDate: (at) => uPlot.tzDate(new Date(at), "Etc/UTC"),
    padding: [8, 28, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 4 } },
    scales: {
      x: { time: true, range: (self) => extent(self) },
      y: { range: (_self, _min, max) => [0, Math.max(1, max) * 1.05] },
    },
    axes: [
      { ...axis, size: 24, gap: 4, space: 90, values: timeLabels },
      {
        ...axis,
        size: 44,
        gap: 6,
        space: 28,
        grid: { show: true, stroke: token("--line"), width: 1 },
        incrs: wholeSteps,
        values: (_self, splits) => splits.map(shortCount),
      },
    ],
    series: [
      {},
      {
        stroke: token("--accent"),
        fill: token("--accent"),
        width: 0,
        points: { show: false },
        ...(bars && { paths: bars }),
      },
    ],
    hooks: {
      setCursor: [
        ({ cursor }) =>
          hooks.onHover(
            cursor.left === undefined || cursor.left < 0 ? undefined : bucketAt(chart, cursor.left),
            cursor.left ?? 0,
          ),
      ],
      setSelect: [
        (self) => {
          const { left, width } = self.select;
          if (width > 0) hooks.onBrush(self.posToVal(left, "x"), self.posToVal(left + width, "x"));
          self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
  const chart = new uPlot(options, columnsOf(buckets), place);
  return chart;
}

const wholeSteps = [1, 2, 5]
  .flatMap((base) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((power) => base * 10 ** power))
  .sort((a, b) => a - b);

function stepOf(self: uPlot): number {
  const [xs] = self.data;
  return xs.length > 1 ? xs[1]! - xs[0]! : 60_000;
}

function extent(self: uPlot): [number, number] {
  const [xs] = self.data;
  return xs.length === 0 ? [0, 1] : [xs[0]!, xs.at(-1)! + stepOf(self)];
}

// The bar under the pointer, not the nearest beginning of one.
function bucketAt(self: uPlot, left: number): number | undefined {
  const [xs] = self.data;
  if (xs.length === 0) return undefined;
  const index = Math.floor((self.posToVal(left, "x") - xs[0]!) / stepOf(self));
  return Math.max(0, Math.min(xs.length - 1, index));
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// `14:20`, and `15 Jul` where a day begins; with the date on the first label, so that a day is never guessed.
function timeLabels(_self: uPlot, splits: number[], _axis: number, _space: number, increment: number): string[] {
  return splits.map((at, index) => {
    const date = new Date(at);
    const day = `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
    const clock = date.toISOString().slice(11, increment < 60_000 ? 19 : 16);
    if (increment >= 86_400_000)
      return date.getUTCMonth() === 0 && date.getUTCDate() === 1 ? `${day} ${date.getUTCFullYear()}` : day;
    return index === 0 ? `${day} ${clock}` : clock === "00:00" ? day : clock;
  });
}
