import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { absolute, type Zone } from "../../format/times.ts";
import { SafeText } from "../EventsText/SafeText.tsx";
import type { EventsSearch } from "./address.ts";
import styles from "./EventsTable.module.css";
import type { EventRow } from "./events-api.ts";

interface Props {
  readonly row: EventRow;
  readonly index: number;
  readonly top: number;
  readonly search: EventsSearch;
  readonly current: boolean;
  readonly tabbable: boolean;
  readonly zone: Zone;
}

/** One event in the list. Its time is the link that opens it; the link reaches over the whole row. */
export const EventLine = memo(function EventLine({ row, index, top, search, current, tabbable, zone }: Props) {
  const { seq, timeMs, collector, type, user, summary } = row;
  return (
    <tr
      className={styles.row}
      aria-rowindex={index + 2}
      data-current={current}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td className={styles.time}>
        <Link
          to="/events/$seq"
          params={{ seq: String(seq) }}
          search={search}
          preload={false}
          className={styles.link}
          data-event={seq}
          tabIndex={tabbable ? 0 : -1}
          aria-current={current || undefined}
        >
          {timeMs === 0 ? "no time" : absolute(timeMs, zone).slice(0, 19)}
        </Link>
      </td>
      <td>{collector}</td>
      <td className={styles.type} title={type}>
        <SafeText text={type} />
      </td>
      <td dir="auto">{user === undefined ? <span className="quiet">–</span> : <SafeText text={user} />}</td>
      <td className={styles.summary} dir="auto">
        <SafeText text={summary} />
      </td>
    </tr>
  );
});
