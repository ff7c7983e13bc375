import uPlot from "uplot";
import type { Volume } from "../../api-types.ts";
import { shortCount } from "../../format/numbers.ts";
import type { Zone } from "../../format/times.ts";

interface Settings {
  readonly width: number;
  readonly zone: Zone;
  readonly volume: Volume & { readonly from: number; readonly to: number };
  readonly onHover: (index: number | undefined) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 220;
const MIN_BRUSH_PX = 8;

const axisTimes: uPlot.Axis.Values = [
  [86_400, "{D} {MMM}", null, null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM}", null, null, null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{D} {MMM}", null, null, null, null, null, 1],
];

const { bars } = uPlot.paths;

/** How the chart is drawn, in the colours of the theme that is on. */
export function chartOptions({ width, zone, volume, onHover, onZoom }: Settings): uPlot.Options {
  // Whole steps, so that the first and the last bar are as wide as the others.
  const step = volume.stepMs;
  const start = (Math.floor(volume.from / step) * step) / 1_000;
  const end = (Math.ceil(volume.to / step) * step) / 1_000;
  const css = getComputedStyle(document.documentElement);
  const colour = (name: string) => css.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--quiet"),
    font: `11px ${colour("--font")}`,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    tzDate: (seconds) =>
      zone === "UTC" ? uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC") : new Date(seconds * 1_000),
    scales: {
      x: { time: true, range: [start, end] },
      y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.08)] },
    },
    axes: [
      { ...axis, grid: { show: false }, values: axisTimes, space: 70 },
      {
        ...axis,
        size: 52,
        values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? shortCount(tick) : "")),
      },
    ],
    series: [
      {},
      {
        label: "Events",
        fill: colour("--accent"),
        width: 0,
        points: { show: false },
        ...(bars && { paths: bars({ size: [0.82, 60], align: 1 }) }),
      },
    ],
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    hooks: {
      setCursor: [
        ({ cursor: { idx, left } }) => onHover(idx === null || idx === undefined || (left ?? -1) < 0 ? undefined : idx),
      ],
      setSelect: [
        (chart) => {
          const { left, width: brushed } = chart.select;
          if (brushed < MIN_BRUSH_PX) return;
          onZoom(chart.posToVal(left, "x") * 1_000, chart.posToVal(left + brushed, "x") * 1_000);
        },
      ],
    },
  };
}
