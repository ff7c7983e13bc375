import type { Access, Identity, Role, TokenInfo } from "../model/access.ts";
import { newId } from "../model/ids.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { matchesHash, newToken, parseToken, secretHash } from "../security/token.ts";
import type { Database, Row } from "./database.ts";
import { cleanName, notFound, refusal } from "./refusals.ts";

/** Uses are noted to the hour, so that reading is not a write. */
const NOTE_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Tokens that are not revoked, the newest first. Expired ones are shown until they are revoked. */
export const allTokens = (db: Database): readonly TokenInfo[] =>
  db.all("SELECT * FROM tokens WHERE revoked_at IS NULL ORDER BY created_at DESC, id").map(toInfo);

export function insertToken(
  db: Database,
  given: Parameters<Access["createToken"]>[0],
  now: Date,
  randomBytes: RandomBytes,
): { readonly text: string; readonly info: TokenInfo } {
  if (!Number.isInteger(given.expiresInDays) || given.expiresInDays < 1 || given.expiresInDays > 365)
    throw refusal("expiry_invalid", "A token is valid for 1 to 365 days", "Choose a number of days in that range.");
  const name = cleanName(given.name);
  const id = newId("tok", randomBytes);
  const { text } = newToken("api", id.slice(4), randomBytes);
  const createdAt = now.toISOString();
  const expiresAt = new Date(now.getTime() + given.expiresInDays * DAY_MS).toISOString();
  db.run(
    "INSERT INTO tokens (id, name, role, hash, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    id,
    name,
    given.role,
    secretHash(text),
    createdAt,
    given.createdBy,
    expiresAt,
  );
  const { role, createdBy } = given;
  return { text, info: { id, name, role, createdAt, createdBy, expiresAt, lastUsedAt: undefined } };
}

export function revokeToken(db: Database, id: string, now: Date) {
  if (db.run("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now.toISOString(), id) === 0)
    throw notFound("token", id);
}

export function tokenIdentity(db: Database, text: string, now: Date): Identity | undefined {
  const token = parseToken(text);
  if (token?.kind !== "api") return undefined;
  const row = db.get("SELECT * FROM tokens WHERE id = ? AND revoked_at IS NULL", `tok_${token.id}`);
  if (row === undefined || !matchesHash(text, row.hash as Uint8Array)) return undefined;
  if (Date.parse(row.expires_at as string) <= now.getTime()) return undefined;
  noteUse(db, row, now);
  return { kind: "token", id: row.id as string, name: row.name as string, roles: [row.role as Role] };
}

function noteUse(db: Database, row: Row, now: Date) {
  const last = row.last_used_at === null ? 0 : Date.parse(row.last_used_at as string);
  if (now.getTime() - last < NOTE_EVERY_MS) return;
  db.run("UPDATE tokens SET last_used_at = ? WHERE id = ?", now.toISOString(), row.id!);
}

const toInfo = (row: Row): TokenInfo => ({
  id: row.id as string,
  name: row.name as string,
  role: row.role as Role,
  createdAt: row.created_at as string,
  createdBy: row.created_by as string,
  expiresAt: row.expires_at as string,
  lastUsedAt: (row.last_used_at as string | null) ?? undefined,
});
