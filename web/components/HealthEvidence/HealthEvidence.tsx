import type { CollectorDetail, DataSourceStatus } from "../../api-types.ts";
import { countdown } from "../../format/headline.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import styles from "./HealthEvidence.module.css";

type Told = Pick<CollectorDetail | DataSourceStatus, "evidence" | "support">;

/** What a state rests on: facts with their times in UTC; and the message to support, where upstream is late or failing. */
export function HealthEvidence({
  told,
  banner = false,
}: {
  readonly told: Told;
  /** In the banner of a state: its facts lie open, and its own button copies the message. */
  readonly banner?: boolean;
}) {
  const { evidence, support } = told;
  if (evidence.length === 0) return null;
  return (
    <>
      <details className={styles.more} open={banner}>
        <summary>Evidence</summary>
        <dl className={styles.facts}>
          {evidence.map(({ fact, value }) => (
            <div key={fact}>
              <dt>{fact}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {support !== undefined && (
        <details className={styles.more}>
          <summary>Message to support</summary>
          <pre className={styles.message}>{support}</pre>
          {!banner && <CopyButton text={support} what="message" word="Copy message" />}
        </details>
      )}
    </>
  );
}

/** How long there is until upstream deletes what is not collected; only where that is near. */
export function LossCountdown({ headroom }: { readonly headroom: CollectorDetail["headroom"] | undefined }) {
  if (headroom === undefined || headroom.level === "ok") return null;
  return (
    <span className={styles.loss} data-level={headroom.level} title={headroom.until}>
      {countdown(headroom.seconds)}
    </span>
  );
}
