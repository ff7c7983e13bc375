import { expect, test } from "vitest";
import catalogue from "../sandbox/openapi/audit-action-fields.json" with { type: "json" };
import { aView } from "../testing/an-outgoing-event.ts";
import { toldBy } from "./told.ts";

const kindOf = (type: string, event: object) => toldBy(aView({ type, raw: JSON.stringify(event) })).kind;
const audited = (action: string) => kindOf("AUDIT_LOG", { action });

test("of the actions that the specification names, only these are of no kind of their own", () => {
  const other = Object.values(catalogue.groups)
    .flat()
    .filter((action) => audited(action) === "other");

  expect(other.sort()).toEqual([
    "CONVERSATION_MESSAGE_RATING",
    "INVITE_USER_REQUEST",
    "WORKSPACE_POLICY_ACKNOWLEDGEMENT",
  ]);
});

test.each([
  ["LIST_WORKSPACE_USERS", "read"],
  ["GET_WORKSPACE_DIRECTORY_GROUP", "read"],
  ["DOWNLOAD_RECORDING_TRANSCRIPT", "read"],
  ["CONVERSATION_VIEW_OF_SHARED", "read"],
  ["FILE_DOWNLOAD", "file-download"],
  ["DELETE_USER_FILE", "file-deletion"],
  ["DELETE_CONVERSATION", "conversation-deletion"],
  ["DELETE_MEMORY", "deletion"],
  ["CUSTOM_GPT_DELETE", "deletion"],
  ["CUSTOM_GPT_CHANGE_OWNER", "change"],
  ["CUSTOM_GPT_CHANGE_VISIBILITY", "share"],
  ["CUSTOM_GPT_SET_ALLOWED_ACTION_DOMAINS", "setting"],
  ["ISOLATE_PROJECT", "share"],
  ["SKILL_UNSHARE", "share"],
  ["UNPUBLISH_CUSTOM_AGENT", "share"],
  ["WORKSPACE_SET_SHARING_PERMISSION", "setting"],
  ["DOMAIN_CREATE", "setting"],
  ["APP_ALLOW_USER", "change"],
  ["PERSONAL_ACCESS_TOKEN_REVOKE", "deletion"],
  ["INVITE_SEND", "user-added"],
  ["INVITE_ACCEPT", "user-added"],
  ["INVITE_ACCEPT_ALL", "setting"],
  ["INVITE_DELETE", "user-removed"],
  ["USER_ROLE_UPDATED", "role"],
  ["SESSION_LOGOUT_ALL", "logout"],
  ["ADD_WORKSPACE_DIRECTORY_GROUP_USER", "member-added"],
  ["DELETE_WORKSPACE_DIRECTORY_GROUP_USER", "member-removed"],
  ["GROUP_REMOVE_USER", "member-removed"],
  ["GROUP_EDIT", "group-changed"],
  ["A_WORD_OF_TOMORROW", "other"],
  ["TOMORROW_CREATE", "creation"],
])("%s is %s", (action, kind) => {
  expect(audited(action)).toBe(kind);
});

test.each([
  ["AUTH_LOG", { action_data: { action: "native_login_success" } }, "login"],
  ["AUTH_LOG", { action_data: { action: "password_login_sentinel_blocked" } }, "login"],
  ["AUTH_LOG", { action_data: { action: "password_reset_initiated" } }, "password"],
  ["AUTH_LOG", { action_data: { action: "token_revoked" } }, "sign-in-step"],
  ["AUTH_LOG", {}, "sign-in-step"],
  ["APP_AUTH_LOG", { action: "unlink" }, "deletion"],
  ["CODEX_LOG", { event_type: "APP_MCP_RESULT" }, "tool-answer"],
  ["CODEX_LOG", { event_type: "ENVIRONMENT_UPDATED" }, "change"],
  ["CODEX_LOG", { event_type: "PLUGIN_UNINSTALLED" }, "deletion"],
  ["CODEX_SECURITY_LOG", { event_type: "SCAN_FINDING_UPDATED" }, "change"],
  ["CUSTOM_AGENTS_LOG", { event_type: "AGENT_PUBLISHED" }, "share"],
  ["CUSTOM_AGENTS_LOG", { event_type: "MEMORY_READ" }, "read"],
  ["CHATGPT_PLUGIN_SPREADSHEET", { event_type: "PROMPT_SENT" }, "prompt"],
  ["CONVERSATION_MESSAGE", {}, "other"],
])("%s %j is %s", (type, event, kind) => {
  expect(kindOf(type, event)).toBe(kind);
});
