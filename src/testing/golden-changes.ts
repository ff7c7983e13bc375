// Golden events of the audit log and of sign-ins.
import { ada, audited, conversation, type Line, signedIn } from "./golden-shapes.ts";

const asUser = { who: ada, privilege: "STANDARD_USER" };

const ofThings: readonly (readonly [string, Line])[] = [
  ["GPT created", audited("e-gpt", "CUSTOM_GPT_CREATE", { id: "g-newcomer", name: "Newcomer guide" })],
  ["GPT shared", audited("e-gptshare", "CUSTOM_GPT_UPDATE_SHARING", { id: "g-guide", shared_to: "workspace" }, asUser)],
  ["GPT deleted", audited("e-gptgone", "CUSTOM_GPT_DELETE", { id: "g-retired" })],
  ["Skill created", audited("e-skill", "SKILL_CREATE", { skill_id: "skill-7", skill_name: "Tide tables" }, asUser)],
  ["Project updated", audited("e-project", "PROJECT_UPDATE", { project_id: "g-p-pier", changed_fields: ["name"] })],
  [
    "Conversation shared",
    audited(
      "e-share",
      "CONVERSATION_SHARE",
      { conversation_id: conversation.id, shared_conversation_id: "shared-51", already_exists: false },
      asUser,
    ),
  ],
  [
    "Shared conversation viewed",
    audited(
      "e-viewed",
      "CONVERSATION_VIEW_OF_SHARED",
      { conversation_id: "conversation-view", shared_conversation_id: "shared-52" },
      asUser,
    ),
  ],
  ["Conversation deleted", audited("e-gone", "CONVERSATION_DELETE", { conversation_id: "conversation-gone" }, asUser)],
  [
    "Conversation deleted by a key",
    audited(
      "e-keygone",
      "DELETE_CONVERSATION",
      { conversation_id: "conversation-keygone" },
      { who: { type: "API_KEY", redacted_id: "sk-...Ab12" } },
    ),
  ],
  [
    "File downloaded",
    audited(
      "e-download",
      "FILE_DOWNLOAD",
      { file_id: "file-9c", file_name: "réclamations_octobre.csv", mime_type: "text/csv" },
      asUser,
    ),
  ],
  [
    "API key read",
    audited(
      "e-list",
      "LIST_WORKSPACE_LOG_FILES",
      { limit: "100", after: "2026-07-15T00:00:00Z", event_type: "APP_LOG" },
      { who: { type: "API_KEY", redacted_id: "sk-...Cd34" } },
    ),
  ],
  [
    "Token created",
    audited("e-pat", "PERSONAL_ACCESS_TOKEN_CREATE", { credential_id: "cred-5", credential_name: "laptop" }, asUser),
  ],
];

const ofPeople: readonly (readonly [string, Line])[] = [
  ["Setting changed", audited("e-set", "WORKSPACE_TOGGLE_FEATURE", { feature: "memory", value: false })],
  [
    "Setting refused",
    audited("e-setno", "WORKSPACE_SET_IP_ALLOWLIST", { allowed_ips: ["203.0.113.0/24"] }, { result: "BLOCKED" }),
  ],
  [
    "User added",
    audited("e-invite", "INVITE_USERS", { email_addresses: ["new@harbourlight.example"], role: "standard-user" }),
  ],
  ["User removed", audited("e-remove", "USER_DELETE", { deleted_user_id: "user-left" })],
  ["Group created", audited("e-group", "GROUP_CREATE", { group_id: "group-7", name: "Surveyors" })],
  ["Group renamed", audited("e-groupname", "GROUP_EDIT", { group_id: "group-8", new_name: "Divers" })],
  [
    "Group member added",
    audited("e-join", "GROUP_ADD_USERS", {
      group_id: "group-9",
      email_addresses: ["joan@harbourlight.example", "jim@harbourlight.example"],
    }),
  ],
  [
    "Group member removed",
    audited("e-leave", "GROUP_REMOVE_USER", { group_id: "group-10", removed_user_id: "user-leaver" }),
  ],
  ["Role changed", audited("e-role", "USER_ROLE_UPDATED", { user_id: "user-raised", new_role: "account-admin" })],
  ["Signed out by an administrator", audited("e-out", "USER_LOGGED_OUT_BY_ADMIN", { logged_out_user_id: "user-out" })],
];

const ofSignIn: readonly (readonly [string, Line])[] = [
  ["Login", signedIn("e-login", "login_success", { role: "standard-user" })],
  [
    "Failed login",
    signedIn(
      "e-nologin",
      "password_login_invalid_password",
      { auth_provider_name: "password" },
      {
        client_ip: "2001:db8::77",
        client_ip_details: { country: "", city: "", region: "", region_code: "", asn: "", latitude: "", longitude: "" },
      },
    ),
  ],
  ["Logout", signedIn("e-logout", "logout_success", {})],
  ["Token issued", signedIn("e-token", "token_issued", {})],
  ["Password reset", signedIn("e-reset", "password_reset_success", {})],
  ["Signed up", signedIn("e-signup", "signup_success", { role: "standard-user" })],
];

/** Names and lines. */
export const goldenChanges: readonly (readonly [string, Line])[] = [...ofThings, ...ofPeople, ...ofSignIn];
