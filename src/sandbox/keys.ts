import { BROAD_READ, DELETE, EVENT_TYPES, LEGACY_READ, typeScope } from "./event-types.ts";
import { randomOf } from "./random.ts";

/** A key as its owner sees it. */
export interface SandboxKey {
  /** What the key is for, in a word. */
  readonly name: string;
  /** The secret itself, made from the seed and worth nothing anywhere else. */
  readonly key: string;
  readonly scopes: readonly string[];
}

/** A key as the API knows it. */
export interface KeyRecord {
  readonly name: string;
  readonly key: string;
  readonly workspaceId: string;
  readonly organizationId: string;
  /** Keys of the API Platform are of the wrong kind here and refused. */
  readonly kind: "workspace-admin" | "api-platform";
  scopes: readonly string[];
  revoked: boolean;
}

/** Two customers: the one the sandbox is about, and another that its keys must not reach. */
export interface Identities {
  readonly workspaceId: string;
  readonly organizationId: string;
  readonly otherWorkspaceId: string;
  readonly otherOrganizationId: string;
}

/** All keys of a sandbox. */
export interface KeyRing {
  /** By name, the one with every read scope first. */
  list(): readonly KeyRecord[];
  /** The record of a secret, revoked ones included. */
  find(secret: string): KeyRecord | undefined;
  /** The record of a name. */
  named(name: string): KeyRecord | undefined;
}

/** The workspace and organization ids that belong to a seed. */
export function identitiesOf(seed: number): Identities {
  const random = randomOf(seed, "identities");
  return {
    workspaceId: random.uuid(),
    organizationId: `org-${random.alphanumeric(24)}`,
    otherWorkspaceId: random.uuid(),
    otherOrganizationId: `org-${random.alphanumeric(24)}`,
  };
}

/** The keys that belong to a seed: one for each case that a client has to tell apart. */
export function keyRing(seed: number, ids: Identities): KeyRing {
  const secret = (name: string) => `sk-admin-sandbox-${randomOf(seed, "key", name).alphanumeric(32)}`;
  const key = (name: string, scopes: readonly string[], more: Partial<KeyRecord> = {}): KeyRecord => ({
    name,
    key: secret(name),
    workspaceId: ids.workspaceId,
    organizationId: ids.organizationId,
    kind: "workspace-admin",
    scopes,
    revoked: false,
    ...more,
  });
  const allTypes = EVENT_TYPES.map(typeScope);
  const records = [
    key("all-read", [BROAD_READ, LEGACY_READ]),
    key("logs-read", [BROAD_READ]),
    key("legacy-read", [LEGACY_READ]),
    key("delete-capable", [BROAD_READ, LEGACY_READ, DELETE]),
    key(
      "without-audit-log",
      allTypes.filter((scope) => scope !== typeScope("AUDIT_LOG")),
    ),
    key("awaiting-approval", []),
    key("revoked", [BROAD_READ, LEGACY_READ], { revoked: true }),
    key("other-workspace", [BROAD_READ, LEGACY_READ], {
      workspaceId: ids.otherWorkspaceId,
      organizationId: ids.otherOrganizationId,
    }),
    key("api-platform-admin", ["api.audit_logs.read"], { kind: "api-platform" }),
    ...EVENT_TYPES.map((type) => key(`only-${type.toLowerCase().replaceAll("_", "-")}`, [typeScope(type)])),
  ];
  const bySecret = new Map(records.map((record) => [record.key, record]));
  const byName = new Map(records.map((record) => [record.name, record]));
  return { list: () => records, find: (given) => bySecret.get(given), named: (name) => byName.get(name) };
}

/** Whether a key may read a log type. */
export function mayReadType(key: KeyRecord, type: string): boolean {
  return [BROAD_READ, LEGACY_READ, typeScope(type)].some((scope) => key.scopes.includes(scope));
}

/** A key as audit events name it. */
export function redactedId(key: KeyRecord): string {
  return `sk-...${key.key.slice(-4)}`;
}
