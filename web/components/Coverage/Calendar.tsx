import { type KeyboardEvent, useRef, useState } from "react";
import type { Coverage } from "../../api-types.ts";
import styles from "./Coverage.module.css";
import { type Cell, endOf, minutesWords, type Place, placeAfter, rowsOf, stateSigns } from "./cells.ts";

interface Props {
  readonly title: string;
  readonly source: Coverage["sources"][number];
  readonly stepMinutes: number;
  readonly chosen: string | undefined;
  readonly onChoose: (cell: Cell) => void;
}

/** Days of hours, or months of days, in UTC. One stop of the Tab key; the arrow keys move inside, Enter opens a cell. */
export function Calendar({ title, source, stepMinutes, chosen, onChoose }: Props) {
  const rows = rowsOf(source.cells, stepMinutes);
  const byDay = stepMinutes > 60;
  const grid = useRef<HTMLTableElement>(null);
  const [place, setPlace] = useState<Place>();
  const current = place && rows[place.row]?.cells[place.column] ? place : lastPlace(rows);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = current && placeAfter(rows, current, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setPlace(next);
    grid.current?.querySelector<HTMLElement>(`[data-place="${next.row}.${next.column}"]`)?.focus();
  };
  return (
    <div className={styles.scroll}>
      <table ref={grid} className={styles.grid} data-by-day={byDay || undefined} aria-label={`Calendar of ${title}`}>
        <thead>
          <tr>
            <th scope="col">UTC</th>
            {rows[0]?.cells.map((_, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is what the column is
              <th key={column} scope="col">
                {headOf(column, byDay)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {rows.map(({ name, cells }, row) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the place is what the cell is
                <td key={column}>
                  {cell && (
                    <CellButton
                      cell={cell}
                      place={`${row}.${column}`}
                      stepMinutes={stepMinutes}
                      reachable={row === current?.row && column === current.column}
                      chosen={cell.at === chosen}
                      onChoose={() => {
                        setPlace({ row, column });
                        onChoose(cell);
                      }}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  readonly cell: Cell;
  readonly place: string;
  readonly stepMinutes: number;
  readonly reachable: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function CellButton({ cell, place, stepMinutes, reachable, chosen, onChoose }: CellProps) {
  const words = `${spanWords(cell, stepMinutes)}: ${minutesWords(cell.minutes)}`;
  return (
    <button
      type="button"
      className={styles.cell}
      data-state={cell.worst}
      data-place={place}
      tabIndex={reachable ? 0 : -1}
      aria-pressed={chosen}
      aria-label={words}
      title={words}
      onClick={onChoose}
    >
      <span aria-hidden="true">{stateSigns[cell.worst].mark}</span>
    </button>
  );
}

/** `2026-07-15 10:00 to 11:00 UTC`, or the day. */
export function spanWords(cell: Cell, stepMinutes: number): string {
  if (stepMinutes > 60) return `${cell.at.slice(0, 10)} UTC`;
  return `${cell.at.slice(0, 10)} ${cell.at.slice(11, 16)} to ${endOf(cell, stepMinutes).slice(11, 16)} UTC`;
}

const headOf = (column: number, byDay: boolean) => (byDay ? String(column + 1) : String(column).padStart(2, "0"));

function lastPlace(rows: ReturnType<typeof rowsOf>): Place | undefined {
  const row = rows.length - 1;
  const column = rows[row]?.cells.findLastIndex((cell) => cell !== undefined) ?? -1;
  return column < 0 ? undefined : { row, column };
}
