import type { Site } from "../model/collector.ts";
import type { Database, Row } from "./database.ts";
import { cleanName, nameKey, notFound, refusal } from "./refusals.ts";

export const allSites = (db: Database): readonly Site[] => db.all("SELECT * FROM sites ORDER BY name_key").map(toSite);

export function insertSite(db: Database, id: string, given: string, at: string): Site {
  const name = cleanName(given);
  refuseTakenName(db, name, id);
  db.run("INSERT INTO sites (id, name, name_key, created_at) VALUES (?, ?, ?, ?)", id, name, nameKey(name), at);
  return { id, name, createdAt: at };
}

export function renameSite(db: Database, id: string, given: string): Site {
  const name = cleanName(given);
  refuseTakenName(db, name, id);
  if (db.run("UPDATE sites SET name = ?, name_key = ? WHERE id = ?", name, nameKey(name), id) === 0)
    throw notFound("site", id);
  return toSite(db.get("SELECT * FROM sites WHERE id = ?", id)!);
}

export function deleteSite(db: Database, id: string) {
  const users = db.all("SELECT name FROM collectors WHERE site_id = ? ORDER BY name_key", id);
  if (users.length > 0)
    throw refusal(
      "in_use",
      `The site is carried by ${users.map(({ name }) => name).join(", ")}`,
      "Give these collectors another site, or none, first.",
    );
  if (db.run("DELETE FROM sites WHERE id = ?", id) === 0) throw notFound("site", id);
}

function refuseTakenName(db: Database, name: string, id: string) {
  if (db.get("SELECT 1 FROM sites WHERE name_key = ? AND id <> ?", nameKey(name), id) !== undefined)
    throw refusal("name_taken", `There is a site named ${name} already`, "Choose another name.");
}

const toSite = (row: Row): Site => ({
  id: row.id as string,
  name: row.name as string,
  createdAt: row.created_at as string,
});
