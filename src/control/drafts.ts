import type { Draft } from "../model/control.ts";
import type { Database, Row } from "./database.ts";
import { notFound } from "./refusals.ts";
import { secretInfos } from "./secret-rows.ts";

export const allDrafts = (db: Database): readonly Draft[] =>
  db.all("SELECT * FROM drafts ORDER BY updated_at DESC, id").map((row) => toDraft(db, row));

export function findDraft(db: Database, id: string): Draft | undefined {
  const row = db.get("SELECT * FROM drafts WHERE id = ?", id);
  return row === undefined ? undefined : toDraft(db, row);
}

export function requireDraft(db: Database, id: string): Draft {
  const draft = findDraft(db, id);
  if (draft === undefined) throw notFound("draft", id);
  return draft;
}

export function writeDraft(db: Database, draft: Omit<Draft, "secrets">) {
  db.run(
    `INSERT INTO drafts (id, connector, "values", updated_at, updated_by) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET "values" = excluded."values", updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    draft.id,
    draft.connector,
    JSON.stringify(draft.values),
    draft.updatedAt,
    draft.updatedBy,
  );
}

export function deleteDraft(db: Database, id: string) {
  if (db.run("DELETE FROM drafts WHERE id = ?", id) === 0) throw notFound("draft", id);
  db.run("DELETE FROM secrets WHERE owner_id = ?", id);
}

const toDraft = (db: Database, row: Row): Draft => ({
  id: row.id as string,
  connector: row.connector as string,
  values: JSON.parse(row.values as string),
  secrets: secretInfos(db, row.id as string),
  updatedAt: row.updated_at as string,
  updatedBy: row.updated_by as string,
});
