import type { DestinationStatus } from "../../api-types.ts";
import { bytes, count } from "../../format/numbers.ts";
import { stepTime } from "../../format/times.ts";
import { SafeText } from "../EventsText/SafeText.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { Badge } from "../StateBadge/StateBadge.tsx";
import styles from "./DestinationOverview.module.css";

type Answer = DestinationStatus["answers"][number];

const outcomes = {
  taken: { word: "Taken", tone: "good", shape: "running" },
  partly: { word: "Partly taken", tone: "warn", shape: "degraded" },
  refused: { word: "Refused", tone: "warn", shape: "degraded" },
  retry: { word: "To be tried again", tone: "warn", shape: "degraded" },
  halt: { word: "Refused us", tone: "bad", shape: "failed" },
} as const satisfies Record<Answer["outcome"], object>;

/** The last answers of the other side, the newest first. What it said is foreign text. */
export function Answers({ answers }: { readonly answers: readonly Answer[] }) {
  if (answers.length === 0) {
    return <p className={styles.none}>No answer since the server started. The last 20 will stand here.</p>;
  }
  return (
    <div className={styles.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Outcome</th>
            <th scope="col" className={styles.number}>
              Events
            </th>
            <th scope="col" className={styles.number}>
              Size
            </th>
            <th scope="col" className={styles.number}>
              Took
            </th>
            <th scope="col">What it said</th>
          </tr>
        </thead>
        <tbody>
          {answers.map(({ at, durationMs, events, bytes: size, outcome, detail }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two answers can have the same instant
            <tr key={`${at} ${index}`}>
              <td className={styles.when}>
                <RelativeTime at={at} />
              </td>
              <td>
                <Badge shape={outcomes[outcome].shape} tone={outcomes[outcome].tone}>
                  {outcomes[outcome].word}
                </Badge>
              </td>
              <td className={styles.number}>{count(events)}</td>
              <td className={styles.number}>{bytes(size)}</td>
              <td className={styles.number}>{stepTime(durationMs)}</td>
              <td className={styles.said}>
                {detail === undefined ? <span className="quiet">–</span> : <SafeText text={detail} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
