import { useSyncExternalStore } from "react";

export type ThemeChoice = "light" | "dark" | "system";

// The same key is read by public/theme.js before the first paint.
const KEY = "cistern.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let choice: ThemeChoice = read();

function read(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system"; // storage is switched off
  }
}

function choose(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is switched off: the choice lasts as long as this page.
  }
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  system.addEventListener("change", tell);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) system.removeEventListener("change", tell);
  };
}

/** The reader's choice of theme, what it comes to on this computer, and how to change it. */
export function useTheme(): { choice: ThemeChoice; resolved: "light" | "dark"; choose: (next: ThemeChoice) => void } {
  const current = useSyncExternalStore(subscribe, () => choice);
  const dark = useSyncExternalStore(subscribe, () => system.matches);
  return { choice: current, resolved: current === "system" ? (dark ? "dark" : "light") : current, choose };
}
