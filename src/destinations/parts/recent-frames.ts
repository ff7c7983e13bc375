/** Most bytes that are held, whatever the number of events. */
const MOST_BYTES = 16_000_000;

export interface RecentFrames {
  /** Adds what has been sent, and forgets the oldest where there is too much. */
  keep(frames: readonly Buffer[]): void;
  /** Oldest first. */
  all(): readonly Buffer[];
}

/** The last events that were sent, at most `most` of them and 16 MB. */
export function recentFrames(most: number): RecentFrames {
  let held: Buffer[] = [];
  return {
    keep(frames) {
      held = [...held, ...frames].slice(most === 0 ? Number.POSITIVE_INFINITY : -most);
      let bytes = held.reduce((sum, { length }) => sum + length, 0);
      while (bytes > MOST_BYTES) bytes -= held.shift()!.length;
    },
    all: () => held,
  };
}
