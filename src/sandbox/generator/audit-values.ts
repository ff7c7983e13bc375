import { DAY_MS, isoTime } from "../instants.ts";
import type { Random } from "../random.ts";
import { EMAIL_DOMAIN } from "./company.ts";
import type { World } from "./family.ts";

type Maker = (world: World, random: Random) => unknown;

const userId: Maker = (world, random) => random.pick(world.company.people).userId;
const email: Maker = (_world, random) => `new.colleague${random.between(10, 99)}@${EMAIL_DOMAIN}`;
const flag: Maker = (_world, random) => random.chance(0.5);
const appId: Maker = (world, random) => random.pick(world.company.apps).id;
const list =
  (make: Maker): Maker =>
  (world, random) =>
    Array.from({ length: random.between(1, 2) }, () => make(world, random));
const oneOf =
  (...choices: readonly string[]): Maker =>
  (_world, random) =>
    random.pick(choices);

// How the values of an audit event look, by the name of their field.
const MAKERS: Readonly<Record<string, Maker>> = {
  user_id: userId,
  allowed_user_id: userId,
  disallowed_user_id: userId,
  added_user_id: userId,
  removed_user_id: userId,
  deleted_user_id: userId,
  logged_out_user_id: userId,
  owner_user_id: userId,
  principal_id: userId,
  added_user_ids: list(userId),
  removed_user_ids: list(userId),
  email_address: email,
  new_owner_email: email,
  email_addresses: list(email),
  alert_recipients: list(email),
  role: oneOf("standard-user", "account-admin"),
  new_role: oneOf("standard-user", "account-admin"),
  previous_role: oneOf("viewer", "editor"),
  app_id: appId,
  app_name: (world, random) => random.pick(world.company.apps).name,
  affected_connector_ids: list(appId),
  id: (world, random) => random.pick(world.company.gpts).id,
  gpt_id: (world, random) => random.pick(world.company.gpts).id,
  third_party_gizmo_id: (_world, random) => `g-${random.hex(16)}`,
  project_id: (world, random) => random.pick(world.company.projects).id,
  group_id: (world, random) => random.pick(world.company.groups).id,
  name: (world, random) => random.pick(world.company.groups).name,
  new_name: (world, random) => random.pick(world.company.groups).name,
  skill_id: (world, random) => random.pick(world.company.skills).id,
  skill_name: (world, random) => random.pick(world.company.skills).name,
  file_id: (_world, random) => `file-${random.alphanumeric(22)}`,
  file_name: oneOf("q3-revenue.xlsx", "supplier-agreement-v7.pdf", "ログ.csv", "réclamations_octobre.csv"),
  mime_type: oneOf("application/pdf", "text/csv", "image/png"),
  shared_to: oneOf("workspace", "invite-only", "workspace-with-link"),
  feature: oneOf("canvas", "code_interpreter", "memory", "web_search", "agent_mode"),
  value: flag,
  enabled: flag,
  state_changed: flag,
  allow_all_in_workspace: flag,
  use_workspace_name_for_discovery: flag,
  hostname: oneOf(EMAIL_DOMAIN, "instruments.example"),
  domains: list(oneOf("api.tickets.example", "wiki.example")),
  allowed_ips: list(oneOf("198.51.100.0/24", "203.0.113.0/24")),
  sign_in_endpoint: oneOf("https://sso.harbourlight.example/saml2"),
  system_instruction: oneOf("Answer briefly. Never paste customer data into web searches."),
  workspace_policy: oneOf("Acceptable use, version 7"),
  overage_limit_credits: (_world, random) => String(random.between(1, 50) * 1000),
  alert_thresholds: () => ["50", "80", "100"],
  total_requested: (_world, random) => random.between(1, 9),
  scopes: list(oneOf("codex.read", "codex.write")),
  workspace_id: (world) => world.ids.workspaceId,
  expires_at: (_world, random) => isoTime((1_800_000_000_000 + random.between(0, 300) * DAY_MS) * 1000, 0),
  revoked_at: (_world, random) => isoTime((1_790_000_000_000 + random.between(0, 90) * DAY_MS) * 1000, 0),
  changed_fields: list(oneOf("name", "permissions", "visibility")),
  principal_type: oneOf("user", "group"),
  workspace_access_state: oneOf("enabled", "disabled"),
  credential_type: oneOf("personal_access_token"),
  credential_name: oneOf("laptop", "ci runner"),
};

/** A believable value for one field of `action_data`. */
export function auditValue(world: World, field: string, random: Random): unknown {
  const maker = MAKERS[field];
  if (maker) return maker(world, random);
  if (field.endsWith("_ids")) return [`${field.slice(0, -4)}_${random.hex(12)}`];
  if (field.endsWith("_id")) return `${field.slice(0, -3)}_${random.hex(12)}`;
  return null;
}
