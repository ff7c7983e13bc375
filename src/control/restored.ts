import { openDatabase } from "./database.ts";

/**
 * After a restore: a token revoked since the backup must not come back to life, and no session or link to
 * choose a password of then may go on. All of them lose their force; accounts stay. Returns how many there were.
 */
export function revokeAfterRestore(
  controlDbPath: string,
  now: Date,
): { readonly tokens: number; readonly invitations: number; readonly sessions: number } {
  const db = openDatabase(controlDbPath);
  try {
    const at = now.toISOString();
    return db.transaction(() => {
      // Notices of then are no news now.
      db.run("DELETE FROM alert_deliveries WHERE state = 'pending'");
      return {
        tokens: db.run("UPDATE tokens SET revoked_at = ? WHERE revoked_at IS NULL", at),
        invitations: db.run("UPDATE accounts SET invitation_hash = NULL WHERE invitation_hash IS NOT NULL"),
        sessions: db.run("UPDATE sessions SET revoked_at = ? WHERE revoked_at IS NULL", at),
      };
    });
  } finally {
    db.close();
  }
}
