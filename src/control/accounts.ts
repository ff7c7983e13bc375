// Accounts: inviting people, their roles, their passwords. A password is only ever chosen by the person who has the account:
// administrators hand out links that are good once.
import type { Access, Account, Invitation, Role, SignedIn } from "../model/access.ts";
import { newId } from "../model/ids.ts";
import { matchesHash, newToken, parseToken, secretHash } from "../security/token.ts";
import { record } from "./access-record.ts";
import type { Database, Row } from "./database.ts";
import { hashOf, hasPassword, noPasswordHash, type Room, refuseTooEarly, requireRight } from "./passwords.ts";
import { cleanName, nameKey, notFound, refusal } from "./refusals.ts";
import { endSessionsOf, newSession } from "./sessions.ts";
import { clearFailures, countFailure } from "./throttle.ts";

/** A link that nobody followed is worth nothing after this long. */
const INVITATION_MS = 3 * 24 * 3_600_000;

type AccountCalls =
  | "accounts"
  | "createAccount"
  | "inviteAccount"
  | "changeRoles"
  | "resetPassword"
  | "removeAccount"
  | "acceptInvitation"
  | "changePassword";

/** The part of `Access` that is about accounts. */
export function accountsOver(room: Room): Pick<Access, AccountCalls> {
  const { db } = room;
  return {
    accounts: () => db.all("SELECT * FROM accounts ORDER BY name_key").map(toAccount),
    createAccount: async (account) => {
      const insert = await prepareAccount(room, account);
      return db.transaction(insert);
    },
    inviteAccount: (given) => db.transaction(() => inviteAccount(room, given)),
    changeRoles: (id, roles) => db.transaction(() => changeRoles(room, id, roles)),
    resetPassword: (id) => db.transaction(() => resetPassword(room, id)),
    removeAccount: (id) => db.transaction(() => removeAccount(room, id)),
    acceptInvitation: (given, origin) => acceptInvitation(room, given, origin.ip),
    changePassword: (id, given, origin) => changePassword(room, id, given, origin.ip),
  };
}

/** Does the slow part; what it returns inserts the account. */
export async function prepareAccount(
  room: Room,
  given: { readonly name: string; readonly password: string; readonly roles: readonly Role[] },
): Promise<() => Account> {
  const name = cleanName(given.name);
  const hash = await hashOf(room, given.password, name);
  return () => insertAccount(room, { name, roles: given.roles, hash });
}

function insertAccount(
  { db, randomBytes, now }: Room,
  { name, roles, hash }: { readonly name: string; readonly roles: readonly Role[]; readonly hash: string },
): Account {
  if (db.get("SELECT 1 FROM accounts WHERE name_key = ?", nameKey(name)) !== undefined)
    throw refusal("name_taken", `There is an account named ${name} already`, "Choose another name.");
  const id = newId("acc", randomBytes);
  db.run(
    "INSERT INTO accounts (id, name, name_key, roles, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    id,
    name,
    nameKey(name),
    JSON.stringify(roles),
    hash,
    now().toISOString(),
  );
  return toAccount(requireAccount(db, id));
}

function inviteAccount(room: Room, { name, roles }: { readonly name: string; readonly roles: readonly Role[] }) {
  const account = insertAccount(room, { name: cleanName(name), roles, hash: noPasswordHash(room.cost) });
  return issueInvitation(room, account.id);
}

function issueInvitation({ db, now, randomBytes }: Room, id: string) {
  const { text } = newToken("invitation", id.slice(4), randomBytes);
  const expiresAt = new Date(now().getTime() + INVITATION_MS).toISOString();
  db.run(
    "UPDATE accounts SET invitation_hash = ?, invitation_expires_at = ? WHERE id = ?",
    secretHash(text),
    expiresAt,
    id,
  );
  const invitation: Invitation = { text, expiresAt };
  return { account: toAccount(requireAccount(db, id)), invitation };
}

function changeRoles({ db, now }: Room, id: string, roles: readonly Role[]): Account {
  requireAccount(db, id);
  db.run("UPDATE accounts SET roles = ? WHERE id = ?", JSON.stringify(roles), id);
  refuseWithoutAdmin(db);
  endSessionsOf(db, id, now());
  return toAccount(requireAccount(db, id));
}

function resetPassword(room: Room, id: string) {
  const { db, now, cost } = room;
  requireAccount(db, id);
  db.run("UPDATE accounts SET password_hash = ? WHERE id = ?", noPasswordHash(cost), id);
  refuseWithoutAdmin(db);
  endSessionsOf(db, id, now());
  return issueInvitation(room, id);
}

function removeAccount({ db }: Room, id: string): Account {
  const account = toAccount(requireAccount(db, id));
  db.run("DELETE FROM sessions WHERE account_id = ?", id);
  db.run("DELETE FROM accounts WHERE id = ?", id);
  refuseWithoutAdmin(db);
  return account;
}

// Asked after the change, within its transaction. An administrator who has no password yet cannot help anybody.
function refuseWithoutAdmin(db: Database) {
  const left = db
    .all("SELECT * FROM accounts")
    .some((row) => hasPassword(row) && toAccount(row).roles.includes("admin"));
  if (left) return;
  throw refusal(
    "last_admin",
    "Nobody would be left who can administer this server",
    "Make another account an administrator first, and let its person sign in once.",
  );
}

async function acceptInvitation(
  room: Room,
  { token, password }: { readonly token: string; readonly password: string },
  ip: string,
): Promise<SignedIn> {
  const { db, now } = room;
  refuseTooEarly(room, "invitation", ip);
  const found = invitedRow(room, token);
  if (found === undefined) {
    countFailure(db, "invitation", ip, now());
    throw invitationWrong();
  }
  const hash = await hashOf(room, password, found.name as string);
  return db.transaction(() => {
    const row = invitedRow(room, token); // it may have been used or taken back while the password was hashed
    if (row === undefined) throw invitationWrong();
    const id = row.id as string;
    setPassword(room, row, hash);
    db.run("UPDATE accounts SET last_sign_in_at = ? WHERE id = ?", now().toISOString(), id);
    const account = toAccount(requireAccount(db, id));
    record(db, { who: account.name, action: "account.accepted", object: id, detail: { ip } }, now());
    return { account, session: newSession(db, id, now(), room.randomBytes) };
  });
}

function invitedRow({ db, now }: Room, given: string): Row | undefined {
  const token = parseToken(given.trim());
  if (token?.kind !== "invitation") return undefined;
  const row = db.get("SELECT * FROM accounts WHERE id = ?", `acc_${token.id}`);
  if (!row?.invitation_hash || !matchesHash(token.text, row.invitation_hash as Uint8Array)) return undefined;
  return Date.parse(row.invitation_expires_at as string) > now().getTime() ? row : undefined;
}

const invitationWrong = () =>
  refusal(
    "invitation_wrong",
    "This link is not valid, was used already or is too old",
    "Ask an administrator for a new one.",
  );

async function changePassword(
  room: Room,
  id: string,
  { current, password }: { readonly current: string; readonly password: string },
  ip: string,
): Promise<string> {
  const { db, now } = room;
  const { name } = toAccount(requireAccount(db, id));
  await room.inTurn(() => requireRight(room, nameKey(name), current, ip));
  const hash = await hashOf(room, password, name);
  return db.transaction(() => {
    setPassword(room, requireAccount(db, id), hash);
    record(db, { who: name, action: "account.password_changed", object: id, detail: { ip } }, now());
    return newSession(db, id, now(), room.randomBytes);
  });
}

function setPassword({ db, now }: Room, row: Row, hash: string) {
  db.run(
    "UPDATE accounts SET password_hash = ?, invitation_hash = NULL, invitation_expires_at = NULL WHERE id = ?",
    hash,
    row.id!,
  );
  clearFailures(db, row.name_key as string);
  endSessionsOf(db, row.id as string, now());
}

function requireAccount(db: Database, id: string): Row {
  const row = db.get("SELECT * FROM accounts WHERE id = ?", id);
  if (row === undefined) throw notFound("account", id);
  return row;
}

export const toAccount = (row: Row): Account => ({
  id: row.id as string,
  name: row.name as string,
  roles: JSON.parse(row.roles as string),
  createdAt: row.created_at as string,
  lastSignInAt: (row.last_sign_in_at as string | null) ?? undefined,
  invitedUntil: (row.invitation_expires_at as string | null) ?? undefined,
});
