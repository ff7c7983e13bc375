import { useEffect } from "react";

interface Keys {
  /** Goes that many rows on. */
  readonly move: (step: 1 | -1) => void;
  /** Undefined while nothing is open. */
  readonly close: (() => void) | undefined;
}

/** The keyboard of the events list: `j` and `k` or the arrows on a row, `Esc`. Enter is the focused row's own. */
export function useEventsKeys({ move, close }: Keys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isElsewhere(event.target)) return;
      const onRow = event.target instanceof HTMLElement && event.target.dataset.event !== undefined;
      if (event.key === "j" || (onRow && event.key === "ArrowDown")) move(1);
      else if (event.key === "k" || (onRow && event.key === "ArrowUp")) move(-1);
      else if (event.key === "Escape" && close) close();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [move, close]);
}

// In a field, or in something that floats above the page.
function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return true;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
