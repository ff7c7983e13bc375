import { type Identity, permissionsOf, type Role } from "../model/access.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { secretHash } from "../security/token.ts";
import type { Database } from "./database.ts";

export interface SessionLimits {
  /** A session unused for this long is over. */
  readonly idleMs: number;
  /** The same, for those who may read content. */
  readonly contentIdleMs: number;
  /** A session older than this is over, used or not. */
  readonly absoluteMs: number;
}

export const defaultSessionLimits: SessionLimits = {
  idleMs: 60 * 60_000,
  contentIdleMs: 15 * 60_000,
  absoluteMs: 8 * 3_600_000,
};

/** Uses are noted this often, so that reading a page is not a write. */
const NOTE_EVERY_MS = 60_000;

/** A new session of the account; what it returns goes into the cookie and is stored hashed only. */
export function newSession(db: Database, accountId: string, now: Date, randomBytes: RandomBytes): string {
  const secret = Buffer.from(randomBytes(32)).toString("base64url");
  const at = now.toISOString();
  db.run("DELETE FROM sessions WHERE created_at < ?", new Date(now.getTime() - 7 * 86_400_000).toISOString());
  db.run(
    "INSERT INTO sessions (hash, account_id, created_at, used_at) VALUES (?, ?, ?, ?)",
    secretHash(secret),
    accountId,
    at,
    at,
  );
  return secret;
}

/** Ends a session for good; an unknown one is no matter. */
export function endSession(db: Database, secret: string, now: Date) {
  db.run(
    "UPDATE sessions SET revoked_at = ? WHERE hash = ? AND revoked_at IS NULL",
    now.toISOString(),
    secretHash(secret),
  );
}

/** Ends every session of an account for good. */
export function endSessionsOf(db: Database, accountId: string, now: Date) {
  db.run(
    "UPDATE sessions SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL",
    now.toISOString(),
    accountId,
  );
}

/** Whose session it is; undefined where it is unknown, revoked or over. A use in the background is not noted. */
export function sessionIdentity(
  db: Database,
  secret: string,
  now: Date,
  limits: SessionLimits,
  background = false,
): Identity | undefined {
  const row = db.get(
    `SELECT s.created_at, s.used_at, a.id, a.name, a.roles FROM sessions s JOIN accounts a ON a.id = s.account_id
     WHERE s.hash = ? AND s.revoked_at IS NULL`,
    secretHash(secret),
  );
  if (row === undefined) return undefined;
  const roles = JSON.parse(row.roles as string) as Role[];
  const idleMs = permissionsOf(roles).has("events.read") ? limits.contentIdleMs : limits.idleMs;
  const ageMs = (column: string) => now.getTime() - Date.parse(row[column] as string);
  if (ageMs("created_at") >= limits.absoluteMs || ageMs("used_at") >= idleMs) return undefined;
  if (!background && ageMs("used_at") >= NOTE_EVERY_MS)
    db.run("UPDATE sessions SET used_at = ? WHERE hash = ?", now.toISOString(), secretHash(secret));
  return { kind: "account", id: row.id as string, name: row.name as string, roles };
}
