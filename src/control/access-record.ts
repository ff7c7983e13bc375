// Who did and read what. The table refuses changes and deletions by itself.
import type { AccessEntry } from "../model/access.ts";
import type { Database, Row } from "./database.ts";

/** Durable when it returns. */
export function record(db: Database, entry: Omit<AccessEntry, "id" | "at">, now: Date) {
  db.run(
    "INSERT INTO access_record (at, who, action, object, detail) VALUES (?, ?, ?, ?, ?)",
    now.toISOString(),
    entry.who,
    entry.action,
    entry.object ?? null,
    entry.detail === undefined ? null : JSON.stringify(entry.detail),
  );
}

/** A page, newest first. */
export const recordPage = (db: Database, limit: number, before = Number.MAX_SAFE_INTEGER): readonly AccessEntry[] =>
  db.all("SELECT * FROM access_record WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit).map(toEntry);

const toEntry = (row: Row): AccessEntry => ({
  id: row.id as number,
  at: row.at as string,
  who: row.who as string,
  action: row.action as string,
  object: (row.object as string | null) ?? undefined,
  detail: row.detail === null ? undefined : JSON.parse(row.detail as string),
});
