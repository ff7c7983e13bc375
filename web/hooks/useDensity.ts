import { useSyncExternalStore } from "react";

export type Density = "comfortable" | "compact";

// The same key is read by public/theme.js before the first paint.
const KEY = "cistern.density";
const listeners = new Set<() => void>();

function read(): Density {
  return document.documentElement.dataset.density === "compact" ? "compact" : "comfortable";
}

function choose(next: Density): void {
  document.documentElement.dataset.density = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is switched off: the choice lasts as long as this page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How close the rows of tables stand, and how to change it. The style sheets read it from the root element. */
export function useDensity(): { readonly density: Density; readonly choose: (next: Density) => void } {
  return { density: useSyncExternalStore(subscribe, read), choose };
}
