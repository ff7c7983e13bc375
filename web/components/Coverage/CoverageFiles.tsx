import { Button, Skeleton } from "@mantine/core";
import { useEffect, useRef } from "react";
import { count, plural } from "../../format/numbers.ts";
import { absolute } from "../../format/times.ts";
import { type CellChoice, useCoverageFiles } from "../../hooks/useCoverage.ts";
import { useZone } from "../../hooks/useZone.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Coverage.module.css";

interface Props {
  readonly collector: string;
  readonly choice: CellChoice;
  readonly title: string;
  /** The minutes of the cell, in words. */
  readonly words: string;
  readonly onClose: () => void;
}

/** The files that speak for one cell of the calendar. */
export function CoverageFiles({ collector, choice, title, words, onClose }: Props) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useCoverageFiles(collector, choice);
  const files = data?.pages.flatMap((page) => page.files) ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each cell that is opened takes the reader to its files
  useEffect(() => heading.current?.focus(), [choice.source, choice.from]);
  return (
    <section className={styles.files} aria-label={`Files of ${title}`}>
      <div className={styles.filesHead}>
        <div>
          <h3 ref={heading} tabIndex={-1}>
            {title}
          </h3>
          <p className={styles.quiet}>{words}</p>
        </div>
        <Button size="xs" variant="default" leftSection={<Icon name="close" size={14} />} onClick={onClose}>
          Close
        </Button>
      </div>
      {error && <ErrorNotice error={error} what="The files could not be read" retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={80} radius={6} />}
      {data && files.length === 0 && <p className={styles.quiet}>No file speaks for this time.</p>}
      {files.length > 0 && <FilesTable files={files} />}
      {hasNextPage && (
        <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More files
        </Button>
      )}
    </section>
  );
}

type Files = NonNullable<ReturnType<typeof useCoverageFiles>["data"]>["pages"][number]["files"];

function FilesTable({ files }: { readonly files: Files }) {
  const { zone } = useZone();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={plural(files.length, "file")}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Ends</th>
            <th>File</th>
            <th>State</th>
            <th className={styles.number}>Lines</th>
            <th className={styles.number}>Held</th>
            <th className={styles.number}>Attempts</th>
            <th>SHA-256</th>
            <th>Error</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ fileId, endTime, state, lines, held, attempts, sha256, error }) => (
            <tr key={fileId}>
              <td className="mono">{absolute(endTime, zone)}</td>
              <td className="mono">{fileId}</td>
              <td>{state}</td>
              <td className={styles.number}>{lines === undefined ? "–" : count(lines)}</td>
              <td className={styles.number}>{held === undefined ? "–" : count(held)}</td>
              <td className={styles.number}>{count(attempts)}</td>
              <td className="mono">
                {sha256 === undefined ? (
                  "–"
                ) : (
                  <>
                    <span title={sha256}>{sha256.slice(0, 12)}…</span>
                    <CopyButton text={sha256} what="hash" />
                  </>
                )}
              </td>
              <td>{error === undefined ? "–" : error.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
