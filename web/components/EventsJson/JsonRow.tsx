import { useState } from "react";
import { bytes, plural } from "../../format/numbers.ts";
import { SafeText } from "../EventsText/SafeText.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Json.module.css";
import type { JsonLine } from "./lines.ts";

interface Props {
  readonly text: string;
  readonly line: JsonLine;
  /** The closing line of an opening one. */
  readonly end: JsonLine | undefined;
  readonly folded: boolean;
  readonly onToggle: () => void;
}

/** One line of laid out JSON. */
export function JsonRow({ text, line, end, folded, onToggle }: Props) {
  const { key, value, depth, kind } = line;
  const comma = folded ? end?.comma : line.comma;
  return (
    // Deep nesting is possible; beyond 40 levels the indentation stays.
    <div className={styles.row} style={{ paddingLeft: 18 + Math.min(depth, 40) * 14 }}>
      {kind === "open" && (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={!folded}
          aria-label={`${folded ? "Unfold" : "Fold"} ${plural(line.members, "member")}`}
          onClick={onToggle}
        >
          <Icon name={folded ? "chevronRight" : "chevronDown"} size={12} />
        </button>
      )}
      {key && (
        <>
          <span className={styles.key}>
            <SafeText text={text.slice(key.start, key.end)} exact />
          </span>
          <span className={styles.sign}>: </span>
        </>
      )}
      {kind === "value" ? (
        <Value text={text} start={value.start} end={value.end} />
      ) : (
        <span className={styles.sign}>{text.slice(value.start, value.end)}</span>
      )}
      {folded && end && (
        <>
          <span className={styles.count}> {plural(line.members, "member")} </span>
          <span className={styles.sign}>{text.slice(end.value.start, end.value.end)}</span>
        </>
      )}
      {comma && <span className={styles.sign}>,</span>}
    </div>
  );
}

const FIRST = 1_000;
const GROWTH = 16;

function Value({ text, start, end }: { readonly text: string; readonly start: number; readonly end: number }) {
  const [shown, setShown] = useState(FIRST);
  const first = text[start];
  const kind =
    first === '"' ? "string" : first === "{" || first === "[" ? "empty" : /[-\d]/.test(first ?? "") ? "number" : "word";
  const left = end - start - shown;
  return (
    <>
      <span className={styles.value} data-kind={kind}>
        <SafeText text={text.slice(start, Math.min(end, start + shown))} exact />
      </span>
      {left > 0 && (
        <button type="button" className={styles.rest} onClick={() => setShown(shown * GROWTH)}>
          … {bytes(left)} more
        </button>
      )}
    </>
  );
}
