// The objects of OCSF that several classes have.
import { addressOf, placeOf } from "../client.ts";
import type { Facts } from "../facts.ts";
import { tokensOf } from "../tokens.ts";
import type { Told } from "../told.ts";
import type { Version } from "./classes.ts";

export const SERVICE = "ChatGPT";

type Attributes = Readonly<Record<string, unknown>>;

/** The object without what is undefined; undefined where nothing is left. */
export function present(attributes: Attributes): Attributes | undefined {
  const known = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

interface Person {
  readonly uid?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** A user; undefined where neither id nor name is known, because the schema asks for one of them. */
export function userOf({ uid, name, email }: Person, more: Attributes = {}): Attributes | undefined {
  if ((uid ?? name ?? email) === undefined) return undefined;
  return present({ uid, name: name ?? email, email_addr: isEmail(email) ? email : undefined, ...more });
}

// The schema's own rule. A pseudonym in the place of an address is only a name.
const isEmail = (text = "") => /^[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$/.test(text);

// Upstream's words for actors, and what the schema calls them.
const USER_TYPES: ReadonlyMap<string, readonly [id: number, caption: string]> = new Map([
  ["API_KEY", [4, "Service"]],
  ["SYSTEM", [3, "System"]],
]);

/** Who did it: a person, or what acts in a person's place. */
export function actingUser({ actor, privilege }: Facts): Attributes | undefined {
  const isPerson = (actor.userId ?? actor.email) !== undefined;
  const known = isPerson ? ([1, "User"] as const) : USER_TYPES.get(actor.type ?? "");
  const [id, caption] = known ?? (actor.type ? [99, actor.type] : [0, "Unknown"]);
  const [type_id, type] = isPerson && privilege === "ADMIN" ? [2, "Admin"] : [id, caption];
  const isAgent = actor.type === "AGENT";
  const person = {
    uid: actor.userId ?? (isAgent ? undefined : actor.id),
    name: isAgent ? undefined : actor.name,
    email: actor.email,
  };
  return userOf(person, { type_id, type });
}

/** Never empty, as the schema demands: where nobody is known, ChatGPT itself. */
export function actorOf({ facts, kind }: Told, version: Version): Attributes {
  const user = actingUser(facts);
  const agent =
    facts.actor.type === "AGENT" ? { name: facts.actor.name ?? facts.actor.id, uid: facts.actor.id } : undefined;
  const needsOne = kind === "answer" || user === undefined;
  const program = agent?.name !== undefined ? agent : { name: needsOne ? SERVICE : undefined, uid: undefined };
  // 1.9.0 has an object for the application. Where it stands alone, the older attribute keeps the actor valid for older readers.
  const old = version === "1.8.0" || user === undefined;
  return {
    ...(user ? { user } : {}),
    ...(version === "1.9.0" && program.name !== undefined ? { application: present(program) } : {}),
    ...(old ? present({ app_name: program.name, app_uid: program.uid }) : {}),
  };
}

/** Where it came from; the service itself where upstream tells no address. */
export function endpointOf(told: Told): Attributes {
  const ip = addressOf(told.facts.client);
  return ip === undefined ? { svc_name: SERVICE } : { ip, ...present({ location: locationOf(told) }) };
}

function locationOf({ view, facts }: Told): Attributes | undefined {
  const { countryCode, country, regionCode, region, city, at } = placeOf(view, facts);
  const named = present({ country: countryCode ?? country, region: regionCode ?? region, city });
  return named && { ...named, ...(at ? { lat: at.lat, long: at.lon } : {}) };
}

export const requestOf = ({ client }: Facts): Attributes | undefined => present({ user_agent: client.userAgent });

export const serviceOf = ({ principalId }: Facts): Attributes => ({ name: SERVICE, ...present({ uid: principalId }) });

export const ROLES = {
  user: [1, "User"],
  assistant: [2, "Assistant"],
  tool: [3, "Tool"],
  agent: [4, "Agent"],
  retriever: [6, "Retriever"],
} as const;
export type Role = keyof typeof ROLES;

/** The attributes of the profile `ai_operation`; undefined where none of them is known. */
export function aiOf({ view, facts, kind }: Told, role: Role, version: Version): Attributes | undefined {
  const { conversation, model, sessionId, client, text } = facts;
  const [ai_role_id, ai_role] = ROLES[role];
  const uid = conversation.id ?? sessionId;
  const { input, output } = tokensOf(view);
  const isNew = version === "1.9.0";
  const context = {
    uid,
    name: conversation.title,
    ai_role_id,
    ai_role,
    application: client.program === undefined ? undefined : { name: client.program },
    service: serviceOf(facts),
    prompt_tokens: input,
    completion_tokens: output,
    prompt_text: isNew && kind === "prompt" ? text : undefined,
    response_text: isNew && kind === "answer" ? text : undefined,
  };
  const ai_model = model === undefined ? undefined : { name: model, ai_provider: "OpenAI" };
  const agent = isNew ? agentOf(facts, ai_model) : undefined;
  return present({
    ai_agent: agent,
    ai_model: agent ? undefined : ai_model,
    message_context: uid === undefined ? undefined : present(context),
  });
}

// The model of an agent stands in the agent.
function agentOf({ agent, conversation }: Facts, ai_model: Attributes | undefined): Attributes | undefined {
  const uid = agent.id ?? conversation.gptId;
  if (uid === undefined) return undefined;
  return present({
    uid,
    name: agent.id === undefined ? conversation.gptName : agent.name,
    type_id: 1,
    type: "Native",
    ai_model,
  });
}
