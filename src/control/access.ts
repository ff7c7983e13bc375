// Accounts, sessions, API tokens and the access record.
import type { Access, SignedIn } from "../model/access.ts";
import { newId } from "../model/ids.ts";
import { defaultPasswordCost, type PasswordCost } from "../security/password.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { matchesHash, newToken, parseToken, secretHash } from "../security/token.ts";
import { record, recordPage } from "./access-record.ts";
import { accountsOver, prepareAccount, toAccount } from "./accounts.ts";
import type { Database } from "./database.ts";
import { type Room, refuseTooEarly, requireRight } from "./passwords.ts";
import { nameKey, refusal } from "./refusals.ts";
import { defaultSessionLimits, endSession, newSession, type SessionLimits, sessionIdentity } from "./sessions.ts";
import { readSetting, writeSetting } from "./settings.ts";
import { clearFailures, countFailure } from "./throttle.ts";
import { allTokens, insertToken, revokeToken, tokenIdentity } from "./tokens.ts";

export type { SessionLimits } from "./sessions.ts";

export interface AccessOptions {
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  readonly passwordCost?: PasswordCost | undefined;
  readonly sessionLimits?: SessionLimits | undefined;
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
    ...accountsOver(room),
    signIn: (name, password, origin) => signIn(room, name, password, origin.ip),
    signOut: (session) => endSession(db, session, now()),
    session: (session, use) => sessionIdentity(db, session, now(), limits, use?.background),
    tokens: () => allTokens(db),
    createToken: (token) => db.transaction(() => insertToken(db, token, now(), randomBytes)),
    revokeToken: (id) => revokeToken(db, id, now()),
    token: (text) => tokenIdentity(db, text, now()),
    record: (entry) => record(db, entry, now()),
    accessRecord: ({ limit, before }) => recordPage(db, limit, before),
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

function turnstile() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}
