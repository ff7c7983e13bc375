import { useEffect, useRef } from "react";

/** A place that is scrolled into sight whenever `key` changes, but not at first. */
export function useScrollTo(key: string) {
  const place = useRef<HTMLDivElement>(null);
  const before = useRef(key);
  useEffect(() => {
    if (before.current === key) return;
    before.current = key;
    place.current?.scrollIntoView({ block: "end", behavior: "smooth" });
  }, [key]);
  return place;
}
