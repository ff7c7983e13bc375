// What kind of thing happened, as the schemas divide the world. Upstream's words are an open set: what no rule knows is `other`.
import type { EventView } from "../model/outgoing.ts";
import type { Facts } from "./facts.ts";
import type { Outcome } from "./outcome.ts";

export type Kind =
  | "prompt"
  | "answer"
  | "tool-call"
  | "tool-answer"
  | "agent-run"
  | "usage"
  | "cost"
  | "file-upload"
  | "file-download"
  | "file-deletion"
  | "share"
  | "creation"
  | "change"
  | "deletion"
  | "setting"
  | "read"
  | "conversation-deletion"
  | "login"
  | "logout"
  | "sign-in-step"
  | "password"
  | "user-added"
  | "user-removed"
  | "role"
  | "group-created"
  | "group-changed"
  | "group-deleted"
  | "member-added"
  | "member-removed"
  | "other"
  | "unknown";

type Rules = readonly (readonly [pattern: RegExp, kind: Kind])[];

// The first rule that fits.
const WORDS: Rules = [
  [/(?:^|_)(?:CREATED?|LINK|INSTALLED)(?:_|$)/i, "creation"],
  [/(?:^|_)(?:DELETED?|REVOKED?|UNLINK|UNINSTALLED)(?:_|$)/i, "deletion"],
  [/(?:^|_)(?:UPDATED?|EDIT|CHANGE|ACTIVATE|ALLOW|DISALLOW|STARTED|COMPLETED|WRITE)(?:_|$)/i, "change"],
];

const AUDIT: Rules = [
  [/^(?:LIST|GET|EXPORT)_|^DOWNLOAD_|^DOMAIN_CHECK$|_VIEW_OF_SHARED$/, "read"],
  [/^FILE_DOWNLOAD$/, "file-download"],
  [/^DELETE_\w*FILE$/, "file-deletion"],
  [/^(?:CONVERSATION_DELETE|DELETE_CONVERSATION|DELETE_PROJECT_GROUP_CHAT)$/, "conversation-deletion"],
  [/^USER_LOGGED_OUT|^SESSION_/, "logout"],
  [/^USER_ROLE_/, "role"],
  [/^(?:USER_(?:DELETE|REMOVE)|INVITE_DELETE$)/, "user-removed"],
  [/^(?:USER_(?:CREATE|ADD)|INVITE_(?:USERS?|SEND|ACCEPT)$)/, "user-added"],
  [/^GROUP_ADD_USER|^ADD_\w*GROUP_USER$/, "member-added"],
  [/^GROUP_REMOVE_USER|^DELETE_\w*GROUP_USER$/, "member-removed"],
  [/^GROUP_CREATE/, "group-created"],
  [/^GROUP_DELETE/, "group-deleted"],
  [/^GROUP_/, "group-changed"],
  [
    /(?:^|_)(?:SHARE|SHARING|UNSHARE|CHANGE_VISIBILITY|PUBLISH|ISOLATE|UNPUBLISH|WORKSPACE_ACCESS)(?:$|_(?:GPT|PROJECT|CUSTOM_AGENT)$)/,
    "share",
  ],
  [/_ACKNOWLEDGEMENT$|^INVITE_USER_REQUEST$/, "other"],
  [/^(?:WORKSPACE|INVITE|SCIM|SAML|DOMAIN|SUBSCRIPTION)_|_SET_|_THIRD_PARTY/, "setting"],
  ...WORDS,
];

const AUTHENTICATION: Rules = [
  [/logout/, "logout"],
  [/signup/, "user-added"],
  [/password_reset/, "password"],
  [/login/, "login"],
  [/^/, "sign-in-step"],
];

const STEPS: Rules = [
  [/^PROMPT_SENT$/, "prompt"],
  [/^PROMPT_RESPONSE/, "answer"],
  [/^TOOL_CALL_(?:COMPLETED|FAILED)$|^APP_MCP_RESULT$|^CONNECTOR_CALL_COMPLETED$/, "tool-answer"],
  [/^TOOL_|^APP_MCP_|^CONNECTOR_CALL_|^SKILL_USED$/, "tool-call"],
  [/^AGENT_RUN_/, "agent-run"],
  [/_PUBLISHED$/, "share"],
  [/_READ$/, "read"],
  ...WORDS,
];

/** Never throws; a type that nobody knows is `unknown`. */
export function kindOf({ stored }: EventView, { action = "", message, text, files }: Facts): Kind {
  switch (stored.type) {
    case "CONVERSATION_MESSAGE":
      if (message.author === "assistant") return "answer";
      if (message.author !== "user") return "other";
      return text === undefined && files.length > 0 ? "file-upload" : "prompt";
    case "AUDIT_LOG":
      return ruled(AUDIT, action);
    case "AUTH_LOG":
      return ruled(AUTHENTICATION, action);
    case "APP_LOG":
      return action === "response" ? "tool-answer" : "tool-call";
    case "APP_AUTH_LOG":
      return ruled(WORDS, action);
    case "CODEX_TURN":
      return "usage";
    case "COSTS":
      return "cost";
    case "CODEX_LOG":
    case "CODEX_SECURITY_LOG":
    case "CUSTOM_AGENTS_LOG":
    case "CHATGPT_PLUGIN_SPREADSHEET":
      return ruled(STEPS, action);
    default:
      return "unknown";
  }
}

const ruled = (rules: Rules, action: string): Kind => rules.find(([pattern]) => pattern.test(action))?.[1] ?? "other";

// Upstream tells of these only once they have happened.
const DONE: ReadonlySet<Kind> = new Set(["prompt", "answer", "agent-run", "usage", "file-upload"]);

/** How it went, for schemas that want to know of every event. */
export const outcomeOfKind = (kind: Kind, { outcome }: Facts): Outcome =>
  outcome === "unknown" && DONE.has(kind) ? "success" : outcome;
