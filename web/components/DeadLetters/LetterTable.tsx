import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { DeadLetter, DestinationStatus } from "../../api-types.ts";
import { count, plural } from "../../format/numbers.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import { SafeText } from "../EventsText/SafeText.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./DeadLetters.module.css";
import { isOpen, reasonText, stateWords } from "./words.ts";

interface Props {
  readonly letters: readonly DeadLetter[];
  readonly collectors: DestinationStatus["collectors"];
  readonly selected: ReadonlySet<number>;
  /** Absent: this account may not do anything about them. */
  readonly onSelect: ((selected: ReadonlySet<number>) => void) | undefined;
}

/** Dead letters, the latest first. What the destination said is foreign text. */
export function LetterTable({ letters, collectors, selected, onSelect }: Props) {
  const open = letters.filter(isOpen).map(({ id }) => id);
  const all = open.length > 0 && open.every((id) => selected.has(id));
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {onSelect && (
              <th scope="col" className={styles.check}>
                <Checkbox
                  size="xs"
                  aria-label="Select all dead letters on this page"
                  checked={all}
                  indeterminate={!all && selected.size > 0}
                  disabled={open.length === 0}
                  onChange={() => onSelect(new Set(all ? [] : open))}
                />
              </th>
            )}
            <th scope="col">Event</th>
            <th scope="col">Reason, and what the destination said</th>
            <th scope="col">State</th>
            <th scope="col" className={styles.number}>
              Attempts
            </th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <Row
              key={letter.id}
              letter={letter}
              collector={collectors.find(({ id }) => id === letter.collectorId)?.name ?? letter.collectorId}
              selected={selected}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Pick<Props, "selected" | "onSelect"> {
  readonly letter: DeadLetter;
  readonly collector: string;
}

function Row({ letter, collector, selected, onSelect }: RowProps) {
  const { id, reason, answer, state, attempts, at, by } = letter;
  const words = reasonText(reason);
  return (
    <tr data-selected={selected.has(id)}>
      {onSelect && (
        <td className={styles.check}>
          <Checkbox
            size="xs"
            aria-label={`Select the dead letter of event ${letter.seq}`}
            checked={selected.has(id)}
            disabled={!isOpen(letter)}
            onChange={() => onSelect(toggled(selected, id))}
          />
        </td>
      )}
      <td>
        <EventName letter={letter} />
        <span className={styles.under}>{collector}</span>
      </td>
      <td className={styles.said}>
        <code>{reason}</code>
        {words && <span className="quiet"> {words}</span>}
        <div className={styles.answer}>
          <SafeText text={answer} />
        </div>
      </td>
      <td className={styles.when}>
        {stateWords[state]}
        {by !== undefined && <span className={styles.under}>by {by}</span>}
      </td>
      <td className={styles.number}>
        {count(attempts)}
        <span className="visually-hidden"> {plural(attempts, "attempt").split(" ")[1]}</span>
      </td>
      <td className={styles.when}>
        <RelativeTime at={at} />
      </td>
    </tr>
  );
}

const toggled = (selected: ReadonlySet<number>, id: number): ReadonlySet<number> =>
  new Set(selected.has(id) ? [...selected].filter((each) => each !== id) : [...selected, id]);

// The event itself is content: the link is for those who may read it.
function EventName({ letter: { seq, type } }: { readonly letter: DeadLetter }) {
  const mayRead = useSettingsPermission("events.read") === true;
  const words = (
    <>
      <SafeText text={type} /> <span className="mono">#{seq}</span>
    </>
  );
  if (!mayRead) return words;
  return (
    <Link to="/events/$seq" params={{ seq: String(seq) }} search={{ range: "all" }} preload={false} data-row>
      {words}
    </Link>
  );
}
