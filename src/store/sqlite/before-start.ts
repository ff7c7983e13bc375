// A look at the store before anything is started on it, so that what cannot be opened is refused in a sentence.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { withStorageErrors } from "./connection.ts";
import { DATABASE } from "./disk.ts";
import { currentSchema, refuseNewerSchema, schemaVersion } from "./migrate.ts";

/** The schema that the store has and the one that a start brings it to. */
export interface ComingUpgrade {
  readonly from: number;
  readonly to: number;
}

/**
 * Throws as opening the store would: `config_invalid` where a newer program has written it, `storage` where the file is
 * damaged. Returns the upgrade that a start makes; undefined where there is none, or no store yet.
 */
export function examineStore(dataDir: string): ComingUpgrade | undefined {
  const path = join(dataDir, DATABASE);
  if (!existsSync(path) || statSync(path).size === 0) return undefined;
  const from = withStorageErrors(() => {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      return schemaVersion(db);
    } finally {
      db.close();
    }
  });
  refuseNewerSchema(from);
  const to = currentSchema();
  return from === 0 || from === to ? undefined : { from, to };
}
