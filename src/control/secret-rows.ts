// Secrets of collectors and drafts, as they stand in control.db.
import type { SecretInfo } from "../model/collector.ts";
import {
  openSecret,
  type RandomBytes,
  type SealedSecret,
  type SecretKey,
  type SecretPlace,
  sealSecret,
} from "../security/secret-box.ts";
import type { Database, Row } from "./database.ts";

/** The last four characters, where the secret is long enough for them to give nothing away. */
export const last4Of = (value: string) => (value.length >= 12 ? value.slice(-4) : "");

export const placeOf = (row: Row): SecretPlace => ({
  table: "secrets",
  row: row.owner_id as string,
  column: row.name as string,
});

export const sealedRow = (row: Row): SealedSecret => ({
  keyId: row.key_id as string,
  wrappedKey: row.wrapped_key as Uint8Array,
  sealed: row.sealed as Uint8Array,
});

/** Every secret, or those of one collector or draft. */
export const secretRows = (db: Database, ownerId?: string): readonly Row[] =>
  ownerId === undefined
    ? db.all("SELECT * FROM secrets ORDER BY owner_id, name")
    : db.all("SELECT * FROM secrets WHERE owner_id = ? ORDER BY name", ownerId);

export const secretInfos = (db: Database, ownerId: string): readonly SecretInfo[] =>
  secretRows(db, ownerId).map((row) => ({
    name: row.name as string,
    last4: row.last4 as string,
    setAt: row.set_at as string,
  }));

export function storeWrapped(db: Database, row: Row, { keyId, wrappedKey }: SealedSecret) {
  db.run(
    "UPDATE secrets SET key_id = ?, wrapped_key = ? WHERE owner_id = ? AND name = ?",
    keyId,
    wrappedKey,
    row.owner_id!,
    row.name!,
  );
}

/** Encrypts and stores a secret in place of an earlier one. */
export function storeSecret(
  db: Database,
  key: SecretKey,
  secret: { readonly ownerId: string; readonly name: string; readonly value: string; readonly at: string },
  randomBytes: RandomBytes,
): SecretInfo {
  const { ownerId, name, value, at } = secret;
  const { keyId, wrappedKey, sealed } = sealSecret(
    key,
    { table: "secrets", row: ownerId, column: name },
    value,
    randomBytes,
  );
  db.run(
    `INSERT INTO secrets (owner_id, name, key_id, wrapped_key, sealed, last4, set_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET key_id = excluded.key_id, wrapped_key = excluded.wrapped_key, sealed = excluded.sealed,
       last4 = excluded.last4, set_at = excluded.set_at`,
    ownerId,
    name,
    keyId,
    wrappedKey,
    sealed,
    last4Of(value),
    at,
  );
  return { name, last4: last4Of(value), setAt: at };
}

/** The secrets of a collector or draft in the clear, by name. */
export function openSecrets(db: Database, key: () => SecretKey, ownerId: string): Record<string, string> {
  const rows = secretRows(db, ownerId);
  if (rows.length === 0) return {};
  return Object.fromEntries(rows.map((row) => [row.name as string, openSecret(key(), placeOf(row), sealedRow(row))]));
}
