// Conversations, tools and requests: API Activity.
import type { Told } from "../told.ts";
import { type Body, OTHER, type Version } from "./classes.ts";
import { actorOf, aiOf, endpointOf, present, type Role, requestOf, SERVICE } from "./parts.ts";

interface Call {
  readonly activity: number;
  readonly activityName?: string;
  readonly operation: string;
  readonly service?: Readonly<Record<string, unknown>> | undefined;
  readonly role?: Role;
}

export const prompted = (told: Told, version: Version): Body =>
  called(told, version, { activity: 1, operation: "conversation.message.create", role: "user" });

export const answered = (told: Told, version: Version): Body =>
  called(told, version, { activity: 1, operation: "conversation.message.create", role: "assistant" });

const RETRIEVES = /search|retriev|fetch|browse|(?:^|_)(?:get|list|read|find)(?:_|$)/i;

/** A call of a tool, or what came back. */
export function toolUsed(told: Told, version: Version): Body {
  const { toolName, app } = told.facts;
  const retrieves = RETRIEVES.test(toolName ?? "");
  return called(told, version, {
    ...(retrieves ? { activity: 2 } : { activity: OTHER, activityName: "Call" }),
    operation: toolName ?? (told.kind === "tool-call" ? "tool.call" : "tool.answer"),
    service: present({ name: app.name, uid: app.id }),
    role: retrieves ? "retriever" : "tool",
  });
}

export const agentRan = (told: Told, version: Version): Body =>
  called(told, version, { activity: OTHER, activityName: "Run", operation: operationOf(told), role: "agent" });

export const modelUsed = (told: Told, version: Version): Body =>
  called(told, version, { activity: OTHER, activityName: "Use", operation: "codex.turn", role: "user" });

export const wasRead = (told: Told, version: Version): Body =>
  called(told, version, { activity: 2, operation: operationOf(told) });

export const conversationDeleted = (told: Told, version: Version): Body =>
  called(told, version, { activity: 4, operation: "conversation.delete" });

/** Anything that somebody did: fits every event whose actor or request is told. */
export const didSomething = (told: Told, version: Version): Body =>
  called(told, version, { activity: OTHER, activityName: operationOf(told), operation: operationOf(told) });

const operationOf = ({ facts, view }: Told) => facts.action ?? view.stored.type;

function called(told: Told, version: Version, { activity, activityName, operation, service, role }: Call): Body {
  const { facts } = told;
  const ai = role === undefined ? undefined : aiOf(told, role, version);
  return {
    of: "api",
    activity,
    activityName,
    profiles: ai ? ["ai_operation"] : undefined,
    attributes: {
      actor: actorOf(told, version),
      api: { operation, service: service ?? { name: SERVICE } },
      src_endpoint: endpointOf(told),
      http_request: requestOf(facts),
      resources: resourcesOf(told),
      ...ai,
    },
  };
}

function resourcesOf({ facts, kind }: Told): readonly object[] | undefined {
  const { conversation, files, message } = facts;
  const all = [
    { type: "conversation", uid: conversation.id, name: conversation.title },
    { type: "message", uid: message.id },
    { type: "gpt", uid: conversation.gptId, name: conversation.gptName },
    { type: "project", uid: conversation.projectId, name: conversation.projectName },
    ...(kind === "prompt" || kind === "answer" ? files.map(({ id, name }) => ({ type: "file", uid: id, name })) : []),
  ];
  const known = all.filter((one) => one.uid !== undefined || ("name" in one && one.name !== undefined));
  return known.length === 0 ? undefined : known.map((one) => present(one)!);
}
