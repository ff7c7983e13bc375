// What was made, changed, shared or removed.
import type { EventView } from "../model/outgoing.ts";
import type { Facts, Named } from "./facts.ts";
import { textAt } from "./lookup.ts";

export interface Thing extends Named {
  /** For people: `GPT`, `Skill`, ... */
  readonly type: string;
}

interface ThingType {
  readonly type: string;
  /** Of upstream's action. */
  readonly words: RegExp;
  /** Members that may hold its id and its name. */
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

const things: readonly ThingType[] = [
  { type: "GPT", words: /GPT|GIZMO/, ids: ["id", "gpt_id", "third_party_gizmo_id"], names: ["name"] },
  { type: "Access token", words: /ACCESS_TOKEN/, ids: ["credential_id"], names: ["credential_name"] },
  { type: "Skill", words: /SKILL/, ids: ["skill_id"], names: ["skill_name"] },
  { type: "Plug-in", words: /PLUGIN/, ids: ["plugin_id"], names: ["plugin_name", "name"] },
  { type: "Project", words: /PROJECT|^SITE_/, ids: ["id", "project_id"], names: ["name"] },
  { type: "Agent", words: /AGENT/, ids: ["agent_id"], names: ["name"] },
  { type: "Environment", words: /ENVIRONMENT/, ids: ["environment_id", "codex_environment_id"], names: ["name"] },
  { type: "Memory", words: /MEMORY/, ids: ["memory_id"], names: [] },
  { type: "Finding", words: /FINDING|^SCAN_|^PROPOSED_PATCH/, ids: ["finding_id"], names: ["title"] },
  { type: "Trigger", words: /TRIGGER/, ids: ["trigger_id"], names: ["name"] },
  { type: "Conversation", words: /CONVERSATION/, ids: ["conversation_id"], names: [] },
  { type: "App", words: /^APP_/, ids: ["app_id"], names: ["app_name", "new_name"] },
  { type: "App link", words: /^(?:un)?link$/, ids: ["link_id"], names: ["app_name"] },
];
const anything: ThingType = { type: "Object", words: /^/, ids: ["id"], names: ["name"] };

/** What an administrative action or a step is about; an agent by the name that it has. */
export function thingOf({ data }: EventView, { action = "", agent }: Facts): Thing {
  const { type, ids, names } = things.find(({ words }) => words.test(action)) ?? anything;
  const first = (members: readonly string[]) =>
    members
      .flatMap((name) => [textAt(data, "action_data", name), textAt(data, "event_details", name), textAt(data, name)])
      .find((value) => value !== undefined);
  return { type, id: first(ids), name: first(names) ?? (type === "Agent" ? agent.name : undefined) };
}

/** The group that a change of members is about. */
export const groupOf = ({ data }: EventView): Named => ({
  id: textAt(data, "action_data", "group_id"),
  name: textAt(data, "action_data", "name") ?? textAt(data, "action_data", "new_name"),
});
