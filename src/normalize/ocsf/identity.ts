// Sign-ins, users, roles and groups.
import { textAt } from "../lookup.ts";
import { groupOf } from "../thing.ts";
import type { Told } from "../told.ts";
import { type Body, OTHER, type Version } from "./classes.ts";
import { actingUser, actorOf, endpointOf, present, requestOf, serviceOf, userOf } from "./parts.ts";

/** Undefined where upstream does not say who it was. */
export function signedIn(told: Told, version: Version, activity: 1 | 2 | 99): Body | undefined {
  const user = targetOf(told) ?? actingUser(told.facts);
  if (user === undefined) return undefined;
  const provider = textAt(told.view.data, "action_data", "auth_provider_name");
  return {
    of: "authentication",
    activity,
    activityName: activity === OTHER ? (told.facts.action ?? told.view.stored.type) : undefined,
    attributes: { ...commonOf(told, version), user, service: serviceOf(told.facts), ...protocolOf(provider) },
  };
}

// What upstream calls a provider, and the protocol that this tells.
const PROTOCOLS: readonly (readonly [words: RegExp, id: number, caption: string])[] = [
  [/saml/i, 5, "SAML"],
  [/oidc|openid/i, 4, "OpenID"],
  [/oauth/i, 6, "OAUTH 2.0"],
];

function protocolOf(provider: string | undefined) {
  if (provider === undefined) return {};
  const [, id, caption] = PROTOCOLS.find(([words]) => words.test(provider)) ?? [undefined, OTHER, provider];
  return { auth_protocol_id: id, auth_protocol: caption };
}

type UserChange = "added" | "removed" | "password" | "role";

// 1.9.0 has one class for all that is done to a user; 1.8.0 has two, with other numbers.
const CHANGES: Readonly<Record<UserChange, Readonly<Record<Version, readonly [of: Body["of"], activity: number]>>>> = {
  added: { "1.8.0": ["account", 1], "1.9.0": ["user", 1] },
  removed: { "1.8.0": ["account", 6], "1.9.0": ["user", 3] },
  password: { "1.8.0": ["account", 4], "1.9.0": ["user", 9] },
  role: { "1.8.0": ["access", 1], "1.9.0": ["user", 16] },
};

/** The user is whom it is about; for what people do to their own account, themselves. Undefined where upstream names nobody. */
export function userChanged(told: Told, version: Version, change: UserChange): Body | undefined {
  const own = told.view.stored.type === "AUTH_LOG" ? actingUser(told.facts) : undefined;
  const user = targetOf(told) ?? own;
  const role = textAt(told.view.data, "action_data", "new_role") ?? textAt(told.view.data, "action_data", "role");
  if (user === undefined || (change === "role" && role === undefined)) return undefined;
  const [of, activity] = CHANGES[change][version];
  const granted = version === "1.9.0" ? { iam_roles: [{ name: role }] } : { privileges: [role] };
  return { of, activity, attributes: { ...commonOf(told, version), user, ...(change === "role" ? granted : {}) } };
}

/** Undefined where upstream does not say which group. */
export function groupManaged(told: Told, version: Version, activity: 3 | 4 | 5 | 6 | 9): Body | undefined {
  const { id, name } = groupOf(told.view);
  const group = present({ uid: id, name });
  if (group === undefined) return undefined;
  // 1.8.0 knows no update of a group.
  const isUnknown = version === "1.8.0" && activity === 9;
  return {
    of: "group",
    activity: isUnknown ? OTHER : activity,
    activityName: isUnknown ? "Update" : undefined,
    attributes: { ...commonOf(told, version), group, ...membersOf(told, version) },
  };
}

function membersOf(told: Told, version: Version) {
  if (version === "1.8.0") return present({ user: targetOf(told) });
  const users = [
    ...told.facts.targetUserIds.map((uid) => userOf({ uid })),
    ...told.facts.targetEmails.map((email) => userOf({ email })),
  ];
  return users.length === 0 ? undefined : { users };
}

/** The first whom it is about; a schema with room for one leaves the others to the rest. */
function targetOf({ facts }: Told) {
  const [uid] = facts.targetUserIds;
  const [email] = facts.targetEmails;
  return userOf({ uid, email });
}

const commonOf = (told: Told, version: Version) => ({
  actor: actorOf(told, version),
  src_endpoint: endpointOf(told),
  http_request: requestOf(told.facts),
});
