import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useMemo, useRef, useState } from "react";
import { plural } from "../../format/numbers.ts";
import { ExactText } from "./ExactText.tsx";
import styles from "./Json.module.css";
import { JsonRow } from "./JsonRow.tsx";
import { type JsonLine, jsonLines, unfolded } from "./lines.ts";

const LINE = 20;

/** JSON laid out for reading. Every piece is a slice of the text: numbers, duplicates, order and escapes stay as written. */
export function JsonView({ text }: { readonly text: string }) {
  const lines = useMemo(() => jsonLines(text), [text]);
  if (lines === undefined) {
    return (
      <>
        <p className="quiet">This line is not valid JSON. It is shown as it is.</p>
        <ExactText text={text} />
      </>
    );
  }
  return <Tree text={text} lines={lines} />;
}

function Tree({ text, lines }: { readonly text: string; readonly lines: readonly JsonLine[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const shown = useMemo(() => unfolded(lines, folded), [lines, folded]);
  const containers = useMemo(
    () => lines.flatMap(({ closes, depth }, at) => (closes > 0 && depth > 0 ? [at] : [])),
    [lines],
  );
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
    getItemKey: (index) => shown[index] ?? index,
  });
  const toggle = useCallback((at: number) => {
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(at)) after.add(at);
      return after;
    });
  }, []);
  return (
    <div className={styles.tree}>
      <div className={styles.treeHead}>
        <span className="quiet">{plural(lines.length, "line")}, laid out; every character is as written</span>
        {containers.length > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => setFolded(folded.size === 0 ? new Set(containers) : new Set())}
          >
            {folded.size === 0 ? "Fold all" : "Unfold all"}
          </Button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section ref={scroller} className={styles.lines} tabIndex={0} aria-label="JSON">
        <div className={styles.canvas} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => {
            const at = shown[index] ?? 0;
            const line = lines[at];
            return (
              line && (
                <div
                  key={key}
                  data-index={index}
                  ref={virtual.measureElement}
                  className={styles.line}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <JsonRow
                    text={text}
                    line={line}
                    end={lines[line.closes]}
                    folded={folded.has(at)}
                    onToggle={() => toggle(at)}
                  />
                </div>
              )
            );
          })}
        </div>
      </section>
    </div>
  );
}
