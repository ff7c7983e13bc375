import catalogue from "../openapi/audit-action-fields.json" with { type: "json" };
import type { Random } from "../random.ts";
import { randomOf } from "../random.ts";
import { auditValue } from "./audit-values.ts";
import type { Person } from "./company.ts";
import type { Conversation } from "./conversations.ts";
import { CONVERSATION_REACH_MS } from "./conversations.ts";
import {
  actorOf,
  type Cell,
  type EventFamily,
  type EventObject,
  envelope,
  type Moment,
  momentsOf,
  type PlannedEvent,
  requestMetadata,
  type World,
} from "./family.ts";

const FIELDS: Readonly<Record<string, readonly string[]>> = catalogue.fields;
const ADMIN_ACTIONS = catalogue.groups["Admin actions"];
const USER_ACTIONS = catalogue.groups["User actions"].filter((action) => !action.startsWith("CONVERSATION_"));
const FREQUENT_ADMIN_ACTIONS = [
  "INVITE_USERS",
  "GROUP_ADD_USERS",
  "USER_ROLE_UPDATED",
  "WORKSPACE_TOGGLE_FEATURE",
  "APP_ALLOW_USER",
];
const FREQUENT_USER_ACTIONS = [
  "FILE_DOWNLOAD",
  "SKILL_CREATE",
  "PROJECT_UPDATE_SHARING",
  "CUSTOM_GPT_UPDATE_SHARING",
  "SESSION_REVOKE",
];
const NEIGHBOUR_ACTIONS = ["LIST_WORKSPACE_USERS", "LIST_WORKSPACE_GPTS", "LIST_WORKSPACE_PROJECTS", "LIST_MEMORIES"];

/** What administrators and people change, share, rate and delete; and another program that uses the API every so often. */
export function auditFamily(world: World, conversationsIn: (cell: Cell) => readonly Conversation[]): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: "AUDIT_LOG",
    reachMs: CONVERSATION_REACH_MS,
    plan: (cell) => [
      ...conversationsIn(cell).flatMap((conversation) => aboutConversation(world, family, conversation)),
      ...momentsOf(world, cell, "audit", 0.04).map((moment) => anyAction(world, family, moment)),
      ...momentsOf(world, cell, "audit neighbour", 0.01).map((moment) => neighbour(world, family, moment)),
    ],
  };
  return family;
}

function aboutConversation(world: World, family: EventFamily, conversation: Conversation): PlannedEvent[] {
  const { id, person, sharedAtUs, deletedAtUs, turns } = conversation;
  const random = randomOf(world.seed, "audit conversation", id);
  const event = (name: string, atUs: number, who: Person, data: EventObject) =>
    audit(world, family, { id: randomOf(world.seed, name, id).uuid(), atUs }, who, name, "STANDARD_USER", data);
  const events: PlannedEvent[] = [];
  const shared = { conversation_id: id, shared_conversation_id: random.uuid() };
  if (sharedAtUs !== undefined) {
    const viewer = random.pick(world.company.people);
    events.push(event("CONVERSATION_SHARE", sharedAtUs, person, { ...shared, already_exists: false }));
    events.push(event("CONVERSATION_VIEW_OF_SHARED", sharedAtUs + random.between(30, 300) * 1_000_000, viewer, shared));
  }
  const last = turns.at(-1);
  if (last && random.chance(0.05)) {
    const rating = random.chance(0.7) ? "thumbs_up" : "thumbs_down";
    const data = { conversation_id: id, message_id: last.answerId, rating };
    events.push(event("CONVERSATION_MESSAGE_RATING", last.answeredAtUs + 9_000_000, person, data));
  }
  if (deletedAtUs !== undefined)
    events.push(event("CONVERSATION_DELETE", deletedAtUs, person, { conversation_id: id }));
  return events;
}

function anyAction(world: World, family: EventFamily, moment: Moment): PlannedEvent {
  const { random } = moment;
  const byAdmin = random.chance(0.45);
  const frequent = random.chance(0.7);
  const action = random.pick(
    byAdmin ? (frequent ? FREQUENT_ADMIN_ACTIONS : ADMIN_ACTIONS) : frequent ? FREQUENT_USER_ACTIONS : USER_ACTIONS,
  );
  const who = byAdmin ? random.pick(world.company.admins) : moment.person;
  return audit(world, family, moment, who, action, byAdmin ? "ADMIN" : "STANDARD_USER", dataOf(world, action, random));
}

function dataOf(world: World, action: string, random: Random): EventObject {
  return Object.fromEntries((FIELDS[action] ?? []).map((field) => [field, auditValue(world, field, random)]));
}

function audit(
  world: World,
  family: EventFamily,
  moment: Pick<Moment, "id" | "atUs">,
  who: Person,
  action: string,
  privilege: string,
  data: EventObject,
): PlannedEvent {
  const share = randomOf(world.seed, "audit result", moment.id).fraction();
  return {
    id: moment.id,
    atUs: moment.atUs,
    write: () => ({
      ...envelope(world, family, moment, actorOf(who)),
      action,
      action_result: share < 0.96 ? "SUCCESS" : share < 0.98 ? "BLOCKED" : "ERROR",
      action_privilege: privilege,
      request_metadata: requestMetadata(who),
      action_data: data,
    }),
  };
}

// A directory sync that somebody set up long ago, with a key of its own.
function neighbour(world: World, family: EventFamily, moment: Moment): PlannedEvent {
  const action = moment.random.pick(NEIGHBOUR_ACTIONS);
  return {
    id: moment.id,
    atUs: moment.atUs,
    write: () => ({
      ...envelope(world, family, moment, { type: "API_KEY", redacted_id: "sk-...Dir7" }),
      action,
      action_result: "SUCCESS",
      action_privilege: "ADMIN",
      request_metadata: { client_ip: "198.18.30.5", client_user_agent: "directory-sync/2.8" },
      // Numbers arrive as text here, as on the live feed.
      action_data: { after: null, limit: "200" },
    }),
  };
}
