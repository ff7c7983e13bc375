import type { Database } from "./database.ts";

export const readSetting = (db: Database, name: string): string | undefined =>
  db.get("SELECT value FROM settings WHERE name = ?", name)?.value as string | undefined;

export function writeSetting(db: Database, name: string, value: string) {
  db.run(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    name,
    value,
  );
}
