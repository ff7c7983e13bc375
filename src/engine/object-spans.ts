const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** The byte ranges of the JSON objects that stand one after the other between `start` and `end`; empty where anything else is there. */
export function objectSpans(buffer: Uint8Array, start: number, end: number): readonly { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let depth = 0;
  let inString = false;
  let open = start;
  for (let i = start; i < end; i++) {
    const byte = buffer[i]!;
    if (inString) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      if (depth === 0) return [];
      inString = true;
    } else if (byte === OPEN) {
      if (depth++ === 0) open = i;
    } else if (byte === CLOSE) {
      if (--depth === 0) spans.push({ start: open, end: i + 1 });
      if (depth < 0) return [];
    } else if (depth === 0 && byte > 0x20) return [];
  }
  return depth === 0 && !inString ? spans : [];
}
