// Whether somebody is at the page. An idle session ends on the server although an open page goes on reading itself anew.

const signs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
const PRESENT_MS = 30_000;

/** Remembers the last sign of a person. Opening the page is one. */
export function watchPresence(page: Pick<EventTarget, "addEventListener">, now: () => number) {
  let last = now();
  const note = () => {
    last = now();
  };
  for (const sign of signs) page.addEventListener(sign, note, { capture: true, passive: true });
  return {
    /** Whether a person did something so lately that what the page asks now is asked for them. */
    isPresent: () => now() - last < PRESENT_MS,
  };
}
