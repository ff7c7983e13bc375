// Accounts, sessions, API tokens and the access record.
import type { Access, AccessEntry, Account, Role, SignedIn } from "../model/access.ts";
import { CollectorError } from "../model/errors.ts";
import { newId } from "../model/ids.ts";
import {
  defaultPasswordCost,
  hashPassword,
  type PasswordCost,
  verifyPassword,
  weaknessOf,
} from "../security/password.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { matchesHash, newToken, parseToken, secretHash } from "../security/token.ts";
import type { Database, Row } from "./database.ts";
import { cleanName, nameKey, refusal } from "./refusals.ts";
import { defaultSessionLimits, endSession, newSession, type SessionLimits, sessionIdentity } from "./sessions.ts";
import { readSetting, writeSetting } from "./settings.ts";
import { clearFailures, countFailure, waitBeforeSignIn } from "./throttle.ts";
import { allTokens, insertToken, revokeToken, tokenIdentity } from "./tokens.ts";

export type { SessionLimits } from "./sessions.ts";

export interface AccessOptions {
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  readonly passwordCost?: PasswordCost | undefined;
  readonly sessionLimits?: SessionLimits | undefined;
}

interface Room {
  readonly db: Database;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  readonly cost: PasswordCost;
  /** One password is hashed at a time: each takes tens of megabytes. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The contract of src/model/access.ts over control.db. */
export function openAccess(db: Database, options: AccessOptions): Access {
  const { now, randomBytes, passwordCost: cost = defaultPasswordCost } = options;
  const limits = options.sessionLimits ?? defaultSessionLimits;
  const room: Room = { db, now, randomBytes, cost, inTurn: turnstile() };
  return {
    setupRequired: () => !hasAccounts(db),
    issueSetupToken: () => issueSetupToken(room),
    setUp: (request, origin) => setUp(room, request, origin.ip),
    accounts: () => db.all("SELECT * FROM accounts ORDER BY name_key").map(toAccount),
    createAccount: async (account) => {
      const insert = await prepareAccount(room, account);
      return db.transaction(insert);
    },
    signIn: (name, password, origin) => signIn(room, name, password, origin.ip),
    signOut: (session) => endSession(db, session, now()),
    session: (session, use) => sessionIdentity(db, session, now(), limits, use?.background),
    tokens: () => allTokens(db),
    createToken: (token) => db.transaction(() => insertToken(db, token, now(), randomBytes)),
    revokeToken: (id) => revokeToken(db, id, now()),
    token: (text) => tokenIdentity(db, text, now()),
    record: (entry) => record(db, entry, now()),
    accessRecord: ({ limit, before }) =>
      db
        .all(
          "SELECT * FROM access_record WHERE id < ? ORDER BY id DESC LIMIT ?",
          before ?? Number.MAX_SAFE_INTEGER,
          limit,
        )
        .map(toEntry),
  };
}

const hasAccounts = (db: Database) => db.get("SELECT 1 FROM accounts LIMIT 1") !== undefined;

function issueSetupToken({ db, randomBytes }: Room): string | undefined {
  if (hasAccounts(db)) return undefined;
  const { text } = newToken("setup", newId("tok", randomBytes).slice(4), randomBytes);
  writeSetting(db, "setup_token_hash", Buffer.from(secretHash(text)).toString("hex"));
  return text;
}

async function setUp(
  room: Room,
  { token, name, password }: { readonly token: string; readonly name: string; readonly password: string },
  ip: string,
): Promise<SignedIn> {
  const { db, now } = room;
  refuseSecondSetUp(db);
  refuseTooEarly(room, "set-up", ip);
  const hash = readSetting(db, "setup_token_hash");
  const given = token.trim();
  if (hash === undefined || parseToken(given)?.kind !== "setup" || !matchesHash(given, Buffer.from(hash, "hex"))) {
    countFailure(db, "set-up", ip, now());
    throw refusal(
      "setup_token_wrong",
      "This is not the set-up token",
      "Copy the token that the server printed when it was last started.",
    );
  }
  const insert = await prepareAccount(room, { name, password, roles: ["admin", "analyst"] });
  return db.transaction(() => {
    refuseSecondSetUp(db);
    const account = insert();
    db.run("DELETE FROM settings WHERE name = 'setup_token_hash'");
    record(db, { who: account.name, action: "setup", object: account.id, detail: { ip } }, now());
    return { account, session: newSession(db, account.id, now(), room.randomBytes) };
  });
}

function refuseSecondSetUp(db: Database) {
  if (hasAccounts(db)) throw refusal("setup_done", "The first account exists already", "Sign in with it.");
}

/** Does the slow part; what it returns inserts the account. */
async function prepareAccount(
  { db, now, randomBytes, cost, inTurn }: Room,
  given: { readonly name: string; readonly password: string; readonly roles: readonly Role[] },
): Promise<() => Account> {
  const name = cleanName(given.name);
  const weakness = weaknessOf(given.password, name);
  if (weakness !== undefined) throw refusal("password_too_weak", weakness, "Choose a longer or more varied password.");
  const hash = await inTurn(() => hashPassword(given.password, randomBytes(16), cost));
  return () => {
    if (db.get("SELECT 1 FROM accounts WHERE name_key = ?", nameKey(name)) !== undefined)
      throw refusal("name_taken", `There is an account named ${name} already`, "Choose another name.");
    const id = newId("acc", randomBytes);
    const createdAt = now().toISOString();
    db.run(
      "INSERT INTO accounts (id, name, name_key, roles, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?)",
      id,
      name,
      nameKey(name),
      JSON.stringify(given.roles),
      hash,
      createdAt,
    );
    return { id, name, roles: given.roles, createdAt, lastSignInAt: undefined };
  };
}

async function signIn(room: Room, name: string, password: string, ip: string): Promise<SignedIn> {
  const { db, now } = room;
  const key = nameKey(name);
  // All of it in turn: attempts sent at once must not all pass before the first failure counts.
  const row = await room.inTurn(() => requireRight(room, key, password, ip));
  return db.transaction(() => {
    clearFailures(db, key);
    db.run("UPDATE accounts SET last_sign_in_at = ? WHERE id = ?", now().toISOString(), row.id!);
    const account = toAccount({ ...row, last_sign_in_at: now().toISOString() });
    record(db, { who: account.name, action: "sign_in", object: account.id, detail: { ip } }, now());
    return { account, session: newSession(db, account.id, now(), room.randomBytes) };
  });
}

async function requireRight(room: Room, key: string, password: string, ip: string): Promise<Row> {
  const { db, now, cost } = room;
  refuseTooEarly(room, key, ip);
  const row = db.get("SELECT * FROM accounts WHERE name_key = ?", key);
  const right = await verifyPassword(password, (row?.password_hash as string | undefined) ?? unknownAccountHash(cost));
  if (row !== undefined && right) return row;
  db.transaction(() => {
    countFailure(db, key, ip, now());
    const who = (row?.name as string | undefined) ?? "nobody";
    record(db, { who, action: "sign_in.failed", object: undefined, detail: { ip } }, now());
  });
  throw refusal("wrong_credentials", "Name or password is wrong", "Check both and try again.");
}

function refuseTooEarly({ db, now }: Room, key: string, ip: string) {
  const retryAfterMs = waitBeforeSignIn(db, key, ip, now());
  if (retryAfterMs <= 0) return;
  throw new CollectorError("rejected", "Too many failed attempts", {
    reason: "too_many_attempts",
    retryAfterMs,
    action: `Wait ${Math.ceil(retryAfterMs / 1_000)} s and try again.`,
  });
}

// Of no password; it makes an unknown name take as long as a wrong password.
const unknownAccountHash = ({ memoryKib, passes, lanes }: PasswordCost) =>
  `argon2id$${memoryKib}$${passes}$${lanes}$AAAAAAAAAAAAAAAAAAAAAA==$${"A".repeat(43)}=`;

function record(db: Database, entry: Omit<AccessEntry, "id" | "at">, now: Date) {
  db.run(
    "INSERT INTO access_record (at, who, action, object, detail) VALUES (?, ?, ?, ?, ?)",
    now.toISOString(),
    entry.who,
    entry.action,
    entry.object ?? null,
    entry.detail === undefined ? null : JSON.stringify(entry.detail),
  );
}

const toEntry = (row: Row): AccessEntry => ({
  id: row.id as number,
  at: row.at as string,
  who: row.who as string,
  action: row.action as string,
  object: (row.object as string | null) ?? undefined,
  detail: row.detail === null ? undefined : JSON.parse(row.detail as string),
});

const toAccount = (row: Row): Account => ({
  id: row.id as string,
  name: row.name as string,
  roles: JSON.parse(row.roles as string),
  createdAt: row.created_at as string,
  lastSignInAt: (row.last_sign_in_at as string | null) ?? undefined,
});

function turnstile() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}
