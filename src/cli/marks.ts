import { styleText } from "node:util";
import type { CheckStep } from "../model/check.ts";
import type { Health } from "../model/health.ts";
import type { Output } from "./cli.ts";

/** A colour is never alone: there is always a shape and a word beside it. */
interface Mark {
  readonly shape: string;
  readonly word: string;
  readonly colour: "green" | "red" | "yellow" | "blue" | "gray";
}

const healthMarks: Readonly<Record<Health, Mark>> = {
  starting: { shape: "…", word: "starting", colour: "blue" },
  running: { shape: "✓", word: "running", colour: "green" },
  catching_up: { shape: "»", word: "catching up", colour: "blue" },
  idle: { shape: "✓", word: "idle", colour: "green" },
  degraded: { shape: "!", word: "degraded", colour: "yellow" },
  stalled_upstream: { shape: "!", word: "stalled upstream", colour: "yellow" },
  failed: { shape: "✗", word: "failed", colour: "red" },
  paused: { shape: "‖", word: "paused", colour: "gray" },
};

const stepMarks: Readonly<Record<CheckStep["state"], Mark>> = {
  running: { shape: "…", word: "running", colour: "gray" },
  ok: { shape: "✓", word: "ok", colour: "green" },
  warning: { shape: "!", word: "warning", colour: "yellow" },
  failed: { shape: "✗", word: "failed", colour: "red" },
  skipped: { shape: "-", word: "skipped", colour: "gray" },
};

export const healthMark = (health: Health, output: Output): string => painted(healthMarks[health], output);
export const stepMark = (state: CheckStep["state"], output: Output): string => painted(stepMarks[state], output);

const painted = (mark: Mark, output: Output) => paint(mark.colour, `${mark.shape} ${mark.word}`, output);

/** In colour on a terminal, plain elsewhere and where NO_COLOR is set. */
export function paint(colour: Mark["colour"] | "bold" | "dim", text: string, output: Output): string {
  return output.isTTY ? styleText(colour, text, { stream: output }) : text;
}
