// The pieces that golden events share: whom they name and where they came from. Every value is a value of its own, so that a test can
// tell by the value alone where a format has put a field.
export const WORKSPACE = "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
export const ORGANIZATION = "org-harbourlight";

export type Line = Readonly<Record<string, unknown>>;

export const ada: Line = { type: "ACCOUNT_USER", user_id: "user-ada", user_email: "ada@harbourlight.example" };
export const boss: Line = { type: "ACCOUNT_USER", user_id: "user-boss", user_email: "boss@harbourlight.example" };

export const request: Line = {
  client_ip: "198.51.100.24",
  client_ip_details: {
    country: "DE",
    city: "Kiel",
    region: "Schleswig-Holstein",
    region_code: "SH",
    latitude: "54.3233",
    longitude: "10.1228",
  },
  client_user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0",
  client_ja3: "e7d705a3286e19ea42f587b344ee6865",
  client_ja4: "t13d1516h2_8daaf6152771_b186095e22b6",
};

export const conversation: Line = {
  id: "6720f0c4-0b51-4f77-9d05-1f2f5b9f0a11",
  title: "Tide gauges of the north pier",
  gpt_id: "g-calibration",
  gpt_name: "Calibration helper",
  project_id: "g-p-harbour",
  project_name: "Harbour survey",
  created_at: "2026-07-15T15:28:59.104220Z",
  is_pinned: false,
  is_temporary_chat: true,
};

/** The members that every event begins with, in upstream's order. */
export const envelope = (id: string, type: string, timestamp: string, actor: Line): Line => ({
  event_id: id,
  type,
  timestamp,
  principal: { id: WORKSPACE, type: "CHATGPT_WORKSPACE" },
  actor,
});

/** An action of the audit log. */
export const audited = (
  id: string,
  action: string,
  data: Line,
  { who = boss, result = "SUCCESS", privilege = "ADMIN" } = {},
): Line => ({
  ...envelope(id, "AUDIT_LOG", "2026-07-15T16:02:11.400312Z", who),
  action,
  action_result: result,
  action_privilege: privilege,
  request_metadata: request,
  action_data: data,
});

export const signedIn = (id: string, action: string, data: Line, metadata: Line = request): Line => ({
  ...envelope(id, "AUTH_LOG", "2026-07-15T07:58:03Z", ada),
  request_metadata: metadata,
  action_data: { action, ...data },
});

/** A step of Codex, of an agent or of an add-in. */
export const step = (id: string, type: string, kind: string, client: string, details: Line): Line => ({
  ...envelope(id, type, "2026-07-15T11:20:45.118007Z", ada),
  event_type: kind,
  client_id: client,
  workspace_id: WORKSPACE,
  event_details: { detail_type: kind, ...details },
});
