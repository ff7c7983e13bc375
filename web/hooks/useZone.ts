import { useSyncExternalStore } from "react";
import type { Zone } from "../format/times.ts";

const KEY = "cistern.zone";
const listeners = new Set<() => void>();
let zone: Zone = localZone();

function localZone(): Zone {
  try {
    return localStorage.getItem(KEY) === "local" ? "local" : "UTC";
  } catch {
    return "UTC"; // storage is switched off
  }
}

function choose(next: Zone): void {
  zone = next;
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

/** Whether instants are shown in UTC or in this computer's zone, for the whole console. */
export function useZone(): { zone: Zone; choose: (next: Zone) => void } {
  return { zone: useSyncExternalStore(subscribe, () => zone), choose };
}
