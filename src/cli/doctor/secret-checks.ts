// Secrets at rest, and the record of who did and read what: control.db.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { connectors } from "../../connectors/index.ts";
import { readKeyFile } from "../../control/key-file.ts";
import { placeOf, sealedRow } from "../../control/secret-rows.ts";
import { secretFields } from "../../model/settings-fields.ts";
import { openSecret, parseSecretKey, type SecretKey } from "../../security/secret-box.ts";
import { SECRET_KEY } from "../compose.ts";
import { type Check, Findings, RESTORE, row, rows, violationsOf } from "./examine.ts";

/** Version, nonce and tag of something sealed; a wrapped key is 32 bytes more. */
const SEALED_BYTES = 29;
const WRAPPED_BYTES = SEALED_BYTES + 32;
/** Shorter ones would be found by chance. */
const SHORTEST_TELLING = 8;
const LARGEST_SEARCHED = 256 * 1024 * 1024;

const ENTER_KEY = "Put the saved secret.key back, or set CISTERN_SECRET_KEY as the server has it";
const ENTER_SECRET = "Enter the secret anew in the settings of its collector";
const ROTATE =
  "Replace that secret at its provider and in the settings of its collector, then stop the server and: sqlite3 control.db VACUUM";

type SecretRow = Parameters<typeof placeOf>[0];

/** `environmentKey`: the key's text where the environment gives it. */
export const secretsCheck = (environmentKey: string | undefined): Check => ({
  id: "secrets",
  invariant: "I14",
  title: "Every stored secret is sealed, and opens with the key at hand",
  run({ controlDb, control, dataDir }) {
    const secrets = rows<SecretRow>(controlDb, "SELECT * FROM secrets ORDER BY owner_id, name");
    const findings = new Findings();
    const { state, keyId } = control.secretKey.status();
    if (state !== "ok" && keyId !== undefined) {
      const what = state === "missing" ? "The key of the stored secrets is not at hand" : "The key at hand is another";
      findings.add(what, ENTER_KEY, `the key ${keyId}`);
    }
    const key = state === "ok" ? keyAt(dataDir, environmentKey) : undefined;
    const opened = secrets.flatMap((secret) => examineSecret(secret, key, findings));
    for (const place of settingsWithSecrets(controlDb))
      findings.add("Settings hold a secret in the clear", ENTER_SECRET, place);
    for (const place of filesWith(dataDir, opened)) findings.add("Files hold a secret in the clear", ROTATE, place);
    return { examined: secrets.length, violations: findings.list() };
  },
});

function keyAt(dataDir: string, environmentKey: string | undefined): SecretKey | undefined {
  const text = environmentKey ?? readKeyFile(join(dataDir, SECRET_KEY));
  return text === undefined ? undefined : parseSecretKey(text);
}

/** The secret in the clear, to be searched for, where the key opens it. */
function examineSecret(secret: SecretRow, key: SecretKey | undefined, findings: Findings): readonly string[] {
  const place = `${secret.name} of ${secret.owner_id}`;
  const { wrappedKey, sealed } = sealedRow(secret);
  if (wrappedKey.length !== WRAPPED_BYTES || wrappedKey[0] !== 1 || sealed.length < SEALED_BYTES || sealed[0] !== 1) {
    findings.add("Secrets are not sealed", ENTER_SECRET, place);
    return [];
  }
  if (key === undefined) return [];
  try {
    return [openSecret(key, placeOf(secret), sealedRow(secret))];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    findings.add("Secrets cannot be opened with their key", ENTER_SECRET, place);
    return [];
  }
}

/** Settings of collectors and drafts that name a field which its connector calls a secret. */
function settingsWithSecrets(db: DatabaseSync): readonly string[] {
  const kept = rows<{ id: string; connector: string; kept: string }>(
    db,
    `SELECT id, connector, settings AS kept FROM collectors
     UNION ALL SELECT id, connector, "values" FROM drafts`,
  );
  return kept.flatMap(({ id, connector, kept: text }) => {
    const schema = connectors.find(({ name }) => name === connector)?.settings;
    if (schema === undefined) return [];
    const values = JSON.parse(text) as Record<string, unknown>;
    return secretFields(schema)
      .filter((name) => Object.hasOwn(values, name))
      .map((name) => `${name} of ${id}`);
  });
}

/** Databases, logs and copies of the data folder in which one of the secrets can be read. */
function filesWith(dataDir: string, secrets: readonly string[]): readonly string[] {
  const needles = [...new Set(secrets)].filter(({ length }) => length >= SHORTEST_TELLING);
  if (needles.length === 0) return [];
  return readdirSync(dataDir, { withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /^(?:control\.db|erasures\.log|search\.db-wal|cistern\.db-wal)/.test(entry.name),
    )
    .map(({ name }) => name)
    .filter((name) => (statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0) <= LARGEST_SEARCHED)
    .filter((name) => holdsOneOf(join(dataDir, name), needles));
}

function holdsOneOf(path: string, needles: readonly string[]): boolean {
  if (!existsSync(path)) return false;
  const bytes = readFileSync(path);
  return needles.some((needle) => bytes.includes(needle));
}

export const accessCheck: Check = {
  id: "access-record",
  invariant: "I15",
  title: "The access record is there, without a hole, and cannot be changed",
  run({ controlDb }) {
    const { first, last, entries } = row<{ first: number | null; last: number | null; entries: number }>(
      controlDb,
      "SELECT min(id) AS first, max(id) AS last, count(*) AS entries FROM access_record",
    )!;
    const given =
      row<{ seq: number }>(controlDb, "SELECT seq FROM sqlite_sequence WHERE name = 'access_record'")?.seq ?? 0;
    const missing = given - entries;
    const guards = ["access_record_is_not_changed", "access_record_is_not_deleted"].filter(
      (name) => row(controlDb, "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = ?", name) === undefined,
    );
    const hole = `${entries} entries, numbered ${first ?? 0} to ${last ?? 0}, of ${given} that were written`;
    return {
      examined: entries,
      violations: [
        ...violationsOf("Entries of the access record are missing", RESTORE, missing === 0 ? [] : [hole]),
        ...violationsOf(
          "The access record can be changed",
          RESTORE,
          guards.map((name) => `${name} is missing`),
        ),
      ],
    };
  },
};
