// What the line formats of SIEMs say about every event: its class, its name, how grave it is, and the facts in words that all of them have.
import { isIP } from "node:net";
import { eventKey } from "../model/event.ts";
import type { EventView } from "../model/outgoing.ts";
import { type Facts, factsOf } from "./facts.ts";

export const VENDOR = "OpenAI";
export const PRODUCT = "ChatGPT Enterprise";
export const FORMAT_VERSION = "1";

/** Longest part of a written text that goes into a line; receivers cut at a few thousand bytes. */
export const LONGEST_TEXT = 4_000;
/** Longest value of any other field. */
export const LONGEST_VALUE = 1_023;

/** An event in a few words; what upstream did not say is undefined. */
export interface Summary {
  readonly facts: Facts;
  /** Stable for events of one kind: upstream's type, and its action where it has one: `AUDIT_LOG:USER_DELETE`. */
  readonly eventClass: string;
  /** For people: `User delete`. */
  readonly name: string;
  /** 0 to 10: 3 for what happens every day, 5 for what an administrator does, 6 for what was refused or failed. */
  readonly severity: number;
  /** Of the event; of its collection where upstream told no time. */
  readonly at: Date;
  readonly key: string;
  readonly outcome: "success" | "failure" | undefined;
  readonly reason: string | undefined;
  /** Who did it: the address, else the name, else the id. */
  readonly user: string | undefined;
  readonly userId: string | undefined;
  readonly ip: { readonly address: string; readonly family: 4 | 6 } | undefined;
  readonly gptOrAgent: string | undefined;
  readonly fileNames: string | undefined;
  readonly fileIds: string | undefined;
  readonly tools: string | undefined;
  readonly targets: string | undefined;
  readonly targetIds: string | undefined;
  /** Length of the whole text, where the line has only the beginning of it. */
  readonly wholeText: number | undefined;
}

export function summaryOf(view: EventView): Summary {
  const facts = factsOf(view);
  const { actor, agent, app, conversation, files, message, text = "", toolName } = facts;
  const { type, ingestedAt } = view.stored;
  return {
    facts,
    eventClass: facts.action === undefined ? type : `${type}:${facts.action}`,
    name: nameOf(type, facts),
    severity: severityOf(facts),
    at: new Date(facts.timeMs ?? (Date.parse(ingestedAt) || 0)),
    key: eventKey(view.stored),
    outcome: facts.outcome === "unknown" ? undefined : facts.outcome,
    reason: facts.errorMessage ?? facts.errorCode ?? facts.result,
    user: actor.email ?? actor.name ?? actor.userId ?? actor.id,
    userId: actor.userId ?? actor.id,
    ip: addressOf(facts.client.ip),
    gptOrAgent: conversation.gptName ?? conversation.gptId ?? agent.name ?? agent.id ?? app.name ?? app.id,
    fileNames: listed(files.map(({ name }) => name)),
    fileIds: listed(files.map(({ id }) => id)),
    tools: listed([toolName, ...message.tools]),
    targets: listed(facts.targetEmails),
    targetIds: listed(facts.targetUserIds),
    wholeText: text.length > LONGEST_TEXT ? text.length : undefined,
  };
}

function nameOf(type: string, { action, message }: Facts): string {
  if (type === "CONVERSATION_MESSAGE")
    return message.author === "assistant" ? "Answer of ChatGPT" : "Message to ChatGPT";
  const words = (action ?? type).replaceAll("_", " ").trim().toLowerCase();
  return words === "" ? "Event" : words[0]!.toUpperCase() + words.slice(1);
}

function severityOf({ outcome, privilege }: Facts): number {
  if (outcome === "failure") return 6;
  return privilege === "ADMIN" ? 5 : 3;
}

function addressOf(text: string | undefined): Summary["ip"] {
  const family = isIP(text ?? "");
  return family === 4 || family === 6 ? { address: text!, family } : undefined;
}

function listed(values: readonly (string | undefined)[]): string | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.join(", ");
}
