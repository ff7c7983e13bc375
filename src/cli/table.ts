import { stripVTControlCharacters } from "node:util";

/** A column: its heading, and on which side its texts stand. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
}

/** Lines of a plain table, two spaces between the columns. Colours in cells do not count as width. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(...[heading, ...rows.map((row) => row[index]!)].map(width)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => pad(cell, widths[index]!, columns[index]!.align))
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ heading }) => heading)), ...rows.map(line)];
}

const width = (text: string) => [...stripVTControlCharacters(text)].length;

function pad(text: string, to: number, align: Column["align"] = "left"): string {
  const space = " ".repeat(Math.max(0, to - width(text)));
  return align === "right" ? space + text : text + space;
}

/** The fact, or a dash where there is none. */
export const orDash = (text: string | undefined): string => text ?? "–";

/** `12,345` */
export const spokenNumber = (value: number): string => value.toLocaleString("en-GB");

/** `1.5 GB`; decimal units, as disks are sold. */
export function spokenBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
