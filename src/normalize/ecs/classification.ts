import type { Kind } from "../kind.ts";
import type { Told } from "../told.ts";
import type { Fields } from "./fields.ts";

interface Class {
  readonly category?: string;
  readonly type: readonly string[];
  /** Where upstream's own word for it would not do, or where there is none. */
  readonly action?: string;
}

const classes: Readonly<Record<Kind, Class>> = {
  prompt: { category: "api", type: ["access"], action: "message-created" },
  answer: { category: "api", type: ["info"], action: "response-created" },
  "tool-call": { category: "api", type: ["access"], action: "tool-called" },
  "tool-answer": { category: "api", type: ["info"], action: "tool-answered" },
  "agent-run": { category: "api", type: ["info"] },
  usage: { category: "api", type: ["info"] },
  cost: { type: ["info"] },
  "file-upload": { category: "file", type: ["creation"], action: "file-uploaded" },
  "file-download": { category: "file", type: ["access"], action: "file-downloaded" },
  "file-deletion": { category: "file", type: ["deletion"], action: "file-deleted" },
  share: { category: "configuration", type: ["change"] },
  creation: { category: "configuration", type: ["creation"] },
  change: { category: "configuration", type: ["change"] },
  deletion: { category: "configuration", type: ["deletion"] },
  setting: { category: "configuration", type: ["change"], action: "workspace-setting-changed" },
  read: { category: "api", type: ["access"] },
  "conversation-deletion": { category: "api", type: ["deletion"], action: "conversation-deleted" },
  login: { category: "authentication", type: ["start"] },
  logout: { category: "authentication", type: ["end"] },
  "sign-in-step": { category: "authentication", type: ["info"] },
  password: { category: "iam", type: ["user", "change"] },
  "user-added": { category: "iam", type: ["user", "creation"] },
  "user-removed": { category: "iam", type: ["user", "deletion"] },
  role: { category: "iam", type: ["user", "change"] },
  "group-created": { category: "iam", type: ["group", "creation"] },
  "group-changed": { category: "iam", type: ["group", "change"] },
  "group-deleted": { category: "iam", type: ["group", "deletion"] },
  "member-added": { category: "iam", type: ["group", "change"] },
  "member-removed": { category: "iam", type: ["group", "change"] },
  other: { category: "api", type: ["info"] },
  unknown: { type: ["info"] },
};

/** What happened, in the schema's words, and how it went. */
export function classificationOf({ kind, facts, outcome, view }: Told): Fields {
  const { category, type, action } = classes[kind];
  return {
    "event.kind": kind === "cost" ? "metric" : "event",
    "event.category": category === undefined ? undefined : [category],
    "event.type": type,
    "event.action": action ?? wordFor(view.stored.type, facts.action),
    "event.outcome": outcome,
    "event.reason": facts.result,
    "error.code": facts.errorCode,
    "error.message": facts.errorMessage,
  };
}

// `link` alone would not say of what.
const wordFor = (type: string, action: string | undefined) =>
  dashed(type === "APP_AUTH_LOG" && action !== undefined ? `app_${action}` : (action ?? type));

const dashed = (word: string) => word.toLowerCase().replaceAll("_", "-");
