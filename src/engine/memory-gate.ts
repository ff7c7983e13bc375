/** Lets work in while its bytes fit under a limit; the rest waits in line. One piece larger than the limit is let in alone. */
export interface MemoryGate {
  /** Resolves with the release; undefined where the signal aborted first. */
  enter(bytes: number, signal: AbortSignal): Promise<(() => void) | undefined>;
}

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

export function createMemoryGate(limitBytes: number): MemoryGate {
  let used = 0;
  const line: Waiting[] = [];
  const admitNext = () => {
    while (line[0] && (used === 0 || used + line[0].bytes <= limitBytes)) {
      const next = line.shift()!;
      used += next.bytes;
      next.admit();
    }
  };
  const releaseOnce = (bytes: number) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      used -= bytes;
      admitNext();
    };
  };
  return {
    enter: (bytes, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(undefined);
        const waiting: Waiting = {
          bytes,
          admit: () => {
            signal.removeEventListener("abort", leave);
            resolve(releaseOnce(bytes));
          },
        };
        const leave = () => {
          const place = line.indexOf(waiting);
          if (place >= 0) line.splice(place, 1);
          resolve(undefined);
          admitNext();
        };
        signal.addEventListener("abort", leave, { once: true });
        line.push(waiting);
        admitNext();
      }),
  };
}
