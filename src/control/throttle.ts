// Failed sign-ins make the next attempt wait: by account name for up to half a minute, so that nobody can be locked out for
// long by a stranger, and by address for up to a quarter of an hour.
import { secretHash } from "../security/token.ts";
import type { Database } from "./database.ts";

interface Scope {
  readonly key: Uint8Array;
  readonly free: number;
  readonly longestMs: number;
}

/** Failures are forgotten after a day without a further one. */
const FORGOTTEN_MS = 24 * 3_600_000;

const accountScope = (name: string): Scope => ({ key: secretHash(`account ${name}`), free: 3, longestMs: 30_000 });

const scopesOf = (name: string, ip: string): readonly Scope[] => [
  accountScope(name),
  { key: secretHash(`address ${ip}`), free: 10, longestMs: 15 * 60_000 },
];

/** How long the next attempt has to wait, ms; 0 where it may be made now. */
export function waitBeforeSignIn(db: Database, name: string, ip: string, now: Date): number {
  return Math.max(0, ...scopesOf(name, ip).map((scope) => waitOf(db, scope, now)));
}

function waitOf(db: Database, { key, free, longestMs }: Scope, now: Date): number {
  const row = db.get("SELECT failures, failed_at FROM sign_in_failures WHERE scope = ?", key);
  if (row === undefined || Number(row.failures) <= free) return 0;
  const delayMs = Math.min(longestMs, 1_000 * 2 ** Math.min(20, Number(row.failures) - free - 1));
  return Date.parse(row.failed_at as string) + delayMs - now.getTime();
}

/** Counts a failure for the account name and for the address. */
export function countFailure(db: Database, name: string, ip: string, now: Date) {
  const forgotten = new Date(now.getTime() - FORGOTTEN_MS).toISOString();
  db.run("DELETE FROM sign_in_failures WHERE failed_at < ?", forgotten);
  for (const { key } of scopesOf(name, ip))
    db.run(
      `INSERT INTO sign_in_failures (scope, failures, failed_at) VALUES (?, 1, ?)
       ON CONFLICT DO UPDATE SET failures = failures + 1, failed_at = excluded.failed_at`,
      key,
      now.toISOString(),
    );
}

/** A success clears the account's failures; those of the address stay, for others may stand behind them. */
export function clearFailures(db: Database, name: string) {
  db.run("DELETE FROM sign_in_failures WHERE scope = ?", accountScope(name).key);
}
