// Every refusal of the Compliance API that we can tell apart, with the sentence and the remedy that people read, here, in the
// console and in docs/connectors/chatgpt-enterprise.md. `{type}` is upstream's event type, `{scope}` its read scope.
//
// No public source shows real error bodies, so the status decides and the text only refines: where the text tells nothing,
// the sentence names every cause that is left.
import { CollectorError, type ErrorCode } from "../../model/errors.ts";
import { isUsualBaseUrl, type Settings } from "./settings.ts";

export interface Problem {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly action: string;
}

export const problems = {
  key_refused: {
    code: "auth_failed",
    sentence: "OpenAI does not accept this key",
    action:
      "Paste the whole secret key again; if it was revoked or has expired, create a new one in the Admin Console under Credentials, Admin keys. A key of the API Platform is refused in the same way",
  },
  key_wrong_kind: {
    code: "auth_failed",
    sentence: "This is a key of the API Platform; the Compliance API needs a key of the ChatGPT workspace",
    action:
      "Create an Admin key in ChatGPT's Admin Console under Credentials, Admin keys, or have OpenAI support enable the Compliance API for this key",
  },
  scope_missing: {
    code: "auth_failed",
    sentence: "This key may not read {type}",
    action:
      "Give the key the scope {scope}, or the one that reads every log: chatgpt.enterprise.compliance_logs_platform.read",
  },
  access_refused: {
    code: "auth_failed",
    sentence: "OpenAI refuses this key access to {type}",
    action:
      "Check that the key was made for this workspace, that it has the scope {scope}, and that the address of this machine is on the workspace's IP allow-list",
  },
  access_not_enabled: {
    code: "auth_failed",
    sentence: "This key may read none of the workspace's logs",
    action:
      "Give the key the scope chatgpt.enterprise.compliance_logs_platform.read; if you asked OpenAI support to enable access, wait for the answer and test again",
  },
  workspace_refused: {
    code: "auth_failed",
    sentence: "This key belongs to another workspace",
    action: "One key is for one workspace: use a key made in this workspace, or correct the workspace ID",
  },
  organization_refused: {
    code: "auth_failed",
    sentence: "This key belongs to another organization",
    action: "Use a key of this organization, or correct the organization ID",
  },
  workspace_unknown: {
    code: "rejected",
    sentence: "OpenAI knows no workspace with this ID",
    action: "Copy the workspace ID again from Workspace settings, General, Workspace details",
  },
  organization_unknown: {
    code: "rejected",
    sentence: "OpenAI knows no organization with this ID",
    action: "Copy the organization ID again from Workspace settings, General, Workspace details",
  },
  workspace_id_is_organization: {
    code: "config_invalid",
    sentence: "The workspace ID is an organization ID",
    action:
      "Copy the workspace ID from Workspace settings, General, Workspace details; it is a UUID and does not begin with org-",
  },
  organization_id_is_workspace: {
    code: "config_invalid",
    sentence: "The organization ID is a workspace ID",
    action: "Copy the organization ID from Workspace settings, General, Workspace details; it begins with org-",
  },
  organization_id_missing: {
    code: "config_invalid",
    sentence: "{type} belongs to the organization, and no organization ID is set",
    action: "Enter the organization ID (org-…), or leave this data source out",
  },
  type_of_workspace: {
    code: "rejected",
    sentence: "{type} belongs to the workspace, not to the organization",
    action: "This version asks for it in the wrong place; report it, and leave this data source out until then",
  },
  type_of_organization: {
    code: "rejected",
    sentence: "{type} belongs to the organization, which this version does not know",
    action: "Leave this data source out; a later version may collect it",
  },
  unknown_event_type: {
    code: "rejected",
    sentence: "OpenAI knows no event type {type}",
    action: "Check the name of the data source; the names OpenAI knows are listed in its API reference",
  },
  request_refused: {
    code: "rejected",
    sentence: "The request for {type} is refused as it is",
    action: "Check the base URL, if one is set; if it is right, this version may be older than the API",
  },
  wrong_base_url: {
    code: "rejected",
    sentence: "The Compliance API is not at this base URL",
    action: "Set the base URL to https://api.chatgpt.com/v1, or remove the setting",
  },
  html_answer: {
    code: "protocol",
    sentence: "A page came instead of the Compliance API's answer",
    action: "Look for a proxy, a firewall or a sign-in page between this machine and api.chatgpt.com",
  },
  route_retired: {
    code: "rejected",
    sentence: "The answer is that this part of the API is gone",
    action:
      "Install a newer version; conversations come as log files of the type CONVERSATION_MESSAGE since the list was removed on 2026-06-05",
  },
} as const satisfies Record<string, Problem>;

export type ProblemReason = keyof typeof problems;

/** What was asked for when an error came. */
export interface Asked {
  readonly settings: Settings;
  readonly scope: "workspace" | "organization";
  readonly type: string;
}

/** The scope that reads one event type and nothing else (the specification's pattern). */
export const readScope = (type: string) => `chatgpt.enterprise.compliance_logs_platform.${type.toLowerCase()}.read`;

/** The error of a known problem, with upstream's own words behind its sentence. */
export function problemError(reason: ProblemReason, type: string, cause?: CollectorError): CollectorError {
  const { code, sentence, action } = problems[reason];
  const fill = (text: string) => text.replaceAll("{type}", type).replaceAll("{scope}", readScope(type));
  const message = cause === undefined ? fill(sentence) : `${fill(sentence)} (${cause.message})`;
  // A page from a proxy passes, however the base URL is meant: it must not end collecting for good.
  const kind = cause?.reason === "html_answer" ? "protocol" : code;
  return new CollectorError(kind, message, { reason, action: fill(action), status: cause?.status, cause });
}

/** An error of the list or of `max_event_time`, explained where it can be; anything else comes back as it is. */
export function explained(error: unknown, asked: Asked): unknown {
  if (!(error instanceof CollectorError)) return error;
  const reason = reasonOf(error, asked);
  return reason === undefined ? error : problemError(reason, asked.type, error);
}

function reasonOf(error: CollectorError, asked: Asked): ProblemReason | undefined {
  if (error.retry === "later") return undefined;
  if (error.reason === "html_answer") return isUsualBaseUrl(asked.settings) ? "html_answer" : "wrong_base_url";
  const text = error.message;
  if (error.status === 401) return isOtherKind(text) ? "key_wrong_kind" : "key_refused";
  if (error.status === 403) return forbiddenReason(text, asked);
  if (error.status === 404) return notFoundReason(text, asked);
  if (error.status === 410) return "route_retired";
  if (error.status === 400) return badRequestReason(text);
  return error.status === 422 ? "request_refused" : undefined;
}

function forbiddenReason(text: string, { scope }: Asked): ProblemReason {
  if (isOtherKind(text)) return "key_wrong_kind";
  if (/\bscopes?\b|\bpermissions?\b/i.test(text)) return "scope_missing";
  return /\b(?:workspace|organization)\b/i.test(text) ? `${scope}_refused` : "access_refused";
}

function notFoundReason(text: string, { settings, scope }: Asked): ProblemReason {
  if (/\b(?:workspace|organization)\b[^/]*\bnot found\b/i.test(text) || isUsualBaseUrl(settings))
    return `${scope}_unknown`;
  return "wrong_base_url";
}

function badRequestReason(text: string): ProblemReason {
  if (/workspace-scoped/i.test(text)) return "type_of_workspace";
  if (/organization-scoped/i.test(text)) return "type_of_organization";
  if (/is an organization id/i.test(text)) return "workspace_id_is_organization";
  if (/is a workspace id/i.test(text)) return "organization_id_is_workspace";
  return /event[ _]?type/i.test(text) ? "unknown_event_type" : "request_refused";
}

const isOtherKind = (text: string) => /\bplatform\b.*\bkey\b|\bneeds a workspace key\b/i.test(text);
