import type { Health } from "../../api-types.ts";

export type Tone = "good" | "info" | "quiet" | "warn" | "bad" | "upstream";

/** Word and tone of each state; a draft is no health, and is shown like one. */
export const states: Readonly<Record<Health | "draft", { readonly word: string; readonly tone: Tone }>> = {
  running: { word: "Running", tone: "good" },
  catching_up: { word: "Catching up", tone: "info" },
  idle: { word: "Idle", tone: "quiet" },
  starting: { word: "Starting", tone: "quiet" },
  degraded: { word: "Degraded", tone: "warn" },
  stalled_upstream: { word: "Stalled upstream", tone: "upstream" },
  failed: { word: "Failed", tone: "bad" },
  paused: { word: "Paused", tone: "quiet" },
  draft: { word: "Draft", tone: "quiet" },
};
