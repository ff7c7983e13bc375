// The facts that every schema asks for, read out of an upstream event of any type. Nothing is made up: what upstream does not say, or
// says in another shape than the documented one, is undefined or an empty list.
import type { EventView } from "../model/outgoing.ts";
import { booleanAt, type Json, objectAt, objectsAt, textAt, textsAt } from "./lookup.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

type Text = string | undefined;

/** Who did it. A message of the assistant has the person as its actor: see `message.author`. */
export interface ActorFacts {
  /** Upstream's word: `ACCOUNT_USER`, `API_KEY`, `SYSTEM`, `AGENT`, ... */
  readonly type: Text;
  /** Of a person; the workspace that some lines append to it after `__` is cut off. Of an agent: whom it works for. */
  readonly userId: Text;
  readonly email: Text;
  /** Of a person or of an agent. */
  readonly name: Text;
  /** What is no person: the redacted key, the id of the agent, of the system or of the outside account. */
  readonly id: Text;
}

/** Where the request came from. */
export interface ClientFacts {
  /** As upstream wrote it: not checked to be an address. */
  readonly ip: Text;
  readonly userAgent: Text;
  readonly country: Text;
  readonly region: Text;
  readonly city: Text;
  readonly latitude: Text;
  readonly longitude: Text;
  readonly ja3: Text;
  readonly ja4: Text;
  /** The program: `ios_app`, `CODEX_CLI`, `excel_addin`, ... */
  readonly program: Text;
}

export interface ConversationFacts {
  readonly id: Text;
  readonly title: Text;
  readonly gptId: Text;
  readonly gptName: Text;
  readonly projectId: Text;
  readonly projectName: Text;
  readonly isTemporary: boolean | undefined;
}

export interface MessageFacts {
  readonly id: Text;
  readonly previousId: Text;
  /** `user` or `assistant`. */
  readonly author: Text;
  readonly tools: readonly string[];
  readonly skills: readonly string[];
}

export interface Named {
  readonly id: Text;
  readonly name: Text;
}

export interface Facts {
  /** Milliseconds since 1970; undefined where upstream told no time. */
  readonly timeMs: number | undefined;
  /** `principal.id`: the workspace, or the organization of the platform. */
  readonly principalId: Text;
  readonly principalType: Text;
  readonly actor: ActorFacts;
  readonly client: ClientFacts;
  /** Upstream's word for what was done: `USER_DELETE`, `login_success`, `TOOL_CALL_FAILED`, `link`, `request`, ... Messages have none. */
  readonly action: Text;
  /** Upstream's word for how it went: `SUCCESS`, `BLOCKED`, `ERROR`, a decision. */
  readonly result: Text;
  readonly outcome: Outcome;
  readonly privilege: Text;
  readonly errorCode: Text;
  readonly errorMessage: Text;
  readonly conversation: ConversationFacts;
  readonly message: MessageFacts;
  readonly model: Text;
  /** What was written: of a message, of a prompt or answer of Codex, of an agent's run. */
  readonly text: Text;
  readonly files: readonly Named[];
  readonly app: Named;
  readonly agent: Named;
  readonly toolName: Text;
  /** The session of Codex, or the run of an agent. */
  readonly sessionId: Text;
  /** Whom an administrative action is about. */
  readonly targetUserIds: readonly string[];
  readonly targetEmails: readonly string[];
}

/** Never throws: an event that is no object, or not UTF-8, has no facts but its time. */
export function factsOf({ stored, data }: EventView): Facts {
  const details = objectAt(data, "event_details");
  const input = objectAt(data, "input");
  const changed = objectAt(data, "action_data");
  const action =
    textAt(data, "action") ?? textAt(changed, "action") ?? textAt(data, "event_type") ?? textAt(data, "log_type");
  const result = textAt(data, "action_result") ?? textAt(details, "decision");
  return {
    timeMs: stored.timeKey > 0 ? Math.floor(stored.timeKey / 1_000) : undefined,
    principalId: textAt(data, "principal", "id"),
    principalType: textAt(data, "principal", "type"),
    actor: actorOf(data),
    client: clientOf(data),
    action,
    result,
    outcome: outcomeOf(action, result),
    privilege: textAt(data, "action_privilege"),
    errorCode: textAt(details, "error_code"),
    errorMessage: textAt(details, "error_message"),
    conversation: conversationOf(data),
    message: messageOf(data),
    model: modelOf(data),
    text: writtenIn(data),
    files: filesOf(data),
    app: {
      id: firstText(data, ["app_id"], ["event_details", "app_id"], ["action_data", "app_id"]),
      name: firstText(data, ["app_name"], ["event_details", "app_name"], ["action_data", "app_name"]),
    },
    agent: agentOf(data),
    toolName: textAt(details, "tool_name") ?? textAt(input, "tool_name"),
    sessionId: firstText(data, ["event_details", "thread_id"], ["event_details", "run_id"], ["payload", "thread_id"]),
    targetUserIds: TARGET_IDS.flatMap((name) => textsAt(changed, name)).map(bareUserId),
    targetEmails: TARGET_EMAILS.flatMap((name) => textsAt(changed, name)),
  };
}

const TARGET_IDS = [
  "user_id",
  "deleted_user_id",
  "added_user_id",
  "added_user_ids",
  "removed_user_id",
  "removed_user_ids",
  "allowed_user_id",
  "disallowed_user_id",
  "logged_out_user_id",
  "owner_user_id",
  "owner_id",
] as const;
const TARGET_EMAILS = ["email_address", "email_addresses", "new_owner_email"] as const;

function actorOf(data: Json | undefined): ActorFacts {
  const userId =
    textAt(data, "actor", "user_id") ??
    textAt(data, "actor", "agent_runtime", "delegator", "user_id") ??
    textAt(data, "payload", "identity", "user_id");
  return {
    type: textAt(data, "actor", "type"),
    userId: userId === undefined ? undefined : bareUserId(userId),
    email: firstText(data, ["actor", "user_email"], ["payload", "identity", "email"]),
    name: firstText(data, ["actor", "name"], ["payload", "identity", "name"]),
    id: firstText(data, ["actor", "redacted_id"], ["actor", "id"], ["actor", "provider_user_id"]),
  };
}

const bareUserId = (id: string) => id.split("__")[0] || id;

function clientOf(data: Json | undefined): ClientFacts {
  const request = objectAt(data, "request_metadata") ?? objectAt(data, "event_details", "request_metadata");
  const place = (name: string) => textAt(request, "client_ip_details", name);
  return {
    ip: textAt(request, "client_ip"),
    userAgent: textAt(request, "client_user_agent") ?? textAt(data, "input", "_meta", "user_agent"),
    country: place("country") ?? textAt(data, "input", "_meta", "location", "country"),
    region: place("region"),
    city: place("city"),
    latitude: place("latitude"),
    longitude: place("longitude"),
    ja3: textAt(request, "client_ja3"),
    ja4: textAt(request, "client_ja4"),
    program: firstText(data, ["message", "author", "client_type"], ["client_id"], ["payload", "product_client_id"]),
  };
}

function conversationOf(data: Json | undefined): ConversationFacts {
  return {
    id: firstText(data, ["conversation", "id"], ["conversation_id"], ["action_data", "conversation_id"]),
    title: textAt(data, "conversation", "title"),
    gptId: firstText(data, ["conversation", "gpt_id"], ["action_data", "gpt_id"]),
    gptName: textAt(data, "conversation", "gpt_name"),
    projectId: firstText(data, ["conversation", "project_id"], ["action_data", "project_id"]),
    projectName: textAt(data, "conversation", "project_name"),
    isTemporary: booleanAt(data, "conversation", "is_temporary_chat"),
  };
}

function messageOf(data: Json | undefined): MessageFacts {
  return {
    id: firstText(data, ["message", "id"], ["action_data", "message_id"]),
    previousId: textAt(data, "previous_message_id"),
    author: textAt(data, "message", "author", "type"),
    tools: textsAt(data, "message", "author", "tools_used"),
    skills: textsAt(data, "message", "author", "skills_used"),
  };
}

// Older lines of agents name the model, newer ones specify it.
const modelOf = (data: Json | undefined) =>
  firstText(
    data,
    ["message", "author", "model"],
    ["event_details", "model"],
    ["event_details", "agent_fields", "model"],
    ["event_details", "agent_fields", "model_spec", "name"],
    ["payload", "model"],
  );

// An answer of Codex repeats the prompt: what is new in it comes first.
const writtenIn = (data: Json | undefined) =>
  firstText(
    data,
    ["message", "content", "value"],
    ["event_details", "response_text"],
    ["event_details", "prompt_text"],
    ["event_details", "message"],
    ["event_details", "content"],
  );

function filesOf(data: Json | undefined): readonly Named[] {
  const one = { id: textAt(data, "action_data", "file_id"), name: textAt(data, "action_data", "file_name") };
  const attached = objectsAt(data, "message", "files").map((file) => ({
    id: textAt(file, "id"),
    name: textAt(file, "name"),
  }));
  return [...attached, one].filter(({ id, name }) => id !== undefined || name !== undefined);
}

function agentOf(data: Json | undefined): Named {
  const isAgent = textAt(data, "actor", "type") === "AGENT";
  return {
    id: textAt(data, "event_details", "agent_id") ?? (isAgent ? textAt(data, "actor", "id") : undefined),
    name:
      textAt(data, "event_details", "agent_fields", "name") ?? (isAgent ? textAt(data, "actor", "name") : undefined),
  };
}

function firstText(data: Json | undefined, ...paths: readonly (readonly string[])[]): Text {
  for (const path of paths) {
    const found = textAt(data, ...path);
    if (found !== undefined) return found;
  }
  return undefined;
}
