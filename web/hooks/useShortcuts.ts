import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

const places = {
  c: "/collectors",
  n: "/collectors/new",
  e: "/events",
  t: "/destinations",
  s: "/sites",
  d: "/docs",
  ",": "/settings",
} as const;

interface Handlers {
  readonly palette: () => void;
  readonly help: () => void;
}

/** The keyboard of the whole console: Cmd/Ctrl-K, `/`, `?`, `g` and a letter, `j` and `k` in lists. */
export function useShortcuts({ palette, help }: Handlers): void {
  const navigate = useNavigate();
  const waiting = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        palette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isDialogOpen()) return;
      const afterG = Date.now() - waiting.current < 1_200;
      waiting.current = event.key === "g" ? Date.now() : 0;
      if (afterG && event.key in places) void navigate({ to: places[event.key as keyof typeof places] });
      else if (event.key === "?") help();
      else if (event.key === "/") focusSearch(event, palette);
      else if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate, palette, help]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}

function focusSearch(event: KeyboardEvent, otherwise: () => void): void {
  event.preventDefault();
  const field = document.querySelector<HTMLInputElement>("[data-page-search]");
  if (field === null) otherwise();
  else field.focus();
}

// A list marks the link or button that stands for each row with `data-row`.
function moveRow(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const current = rows.indexOf(document.activeElement as HTMLElement);
  const next = current === -1 ? (step === 1 ? 0 : rows.length - 1) : current + step;
  rows[next]?.focus();
}
