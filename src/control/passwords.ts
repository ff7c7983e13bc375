// Passwords of accounts: hashing them one at a time, and comparing them with what failed attempts cost.
import { CollectorError } from "../model/errors.ts";
import { hashPassword, type PasswordCost, verifyPassword, weaknessOf } from "../security/password.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { record } from "./access-record.ts";
import type { Database, Row } from "./database.ts";
import { refusal } from "./refusals.ts";
import { countFailure, waitBeforeSignIn } from "./throttle.ts";

export interface Room {
  readonly db: Database;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  readonly cost: PasswordCost;
  /** One password is hashed at a time: each takes tens of megabytes. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Refused with `password_too_weak` where it is not good enough. */
export async function hashOf({ inTurn, randomBytes, cost }: Room, password: string, name: string): Promise<string> {
  const weakness = weaknessOf(password, name);
  if (weakness !== undefined) throw refusal("password_too_weak", weakness, "Choose a longer or more varied password.");
  return inTurn(() => hashPassword(password, randomBytes(16), cost));
}

/** The account of that name, if it is its password; failures are counted, recorded and make the next attempt wait. */
export async function requireRight(room: Room, key: string, password: string, ip: string): Promise<Row> {
  const { db, now, cost } = room;
  refuseTooEarly(room, key, ip);
  const row = db.get("SELECT * FROM accounts WHERE name_key = ?", key);
  const right = await verifyPassword(password, (row?.password_hash as string | undefined) ?? noPasswordHash(cost));
  if (row !== undefined && right) return row;
  db.transaction(() => {
    countFailure(db, key, ip, now());
    const who = (row?.name as string | undefined) ?? "nobody";
    record(db, { who, action: "sign_in.failed", object: undefined, detail: { ip } }, now());
  });
  throw refusal("wrong_credentials", "Name or password is wrong", "Check both and try again.");
}

/** Throws `too_many_attempts` while attempts under that name or from that address have to wait. */
export function refuseTooEarly({ db, now }: Room, key: string, ip: string) {
  const retryAfterMs = waitBeforeSignIn(db, key, ip, now());
  if (retryAfterMs <= 0) return;
  throw new CollectorError("rejected", "Too many failed attempts", {
    reason: "too_many_attempts",
    retryAfterMs,
    action: `Wait ${Math.ceil(retryAfterMs / 1_000)} s and try again.`,
  });
}

const NO_PASSWORD = `AAAAAAAAAAAAAAAAAAAAAA==$${"A".repeat(43)}=`;

/** Of no password. It makes an unknown name, and one that has yet to choose, take as long as a wrong password. */
export const noPasswordHash = ({ memoryKib, passes, lanes }: PasswordCost) =>
  `argon2id$${memoryKib}$${passes}$${lanes}$${NO_PASSWORD}`;

/** Whether its person has chosen one. */
export const hasPassword = (row: Row) => !(row.password_hash as string).endsWith(NO_PASSWORD);
