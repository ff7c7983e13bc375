import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Format } from "../../model/outgoing.ts";
import { aView } from "../../testing/an-outgoing-event.ts";
import { goldenEvent, goldenEvents, hostileGoldenEvents } from "../../testing/golden-events.ts";
import { validateOcsf } from "../../testing/ocsf/validate.ts";
import { ocsf, ocsf19 } from "./ocsf.ts";

const recordOf = (name: string, format: Format = ocsf) => JSON.parse(format.render(goldenEvent(name).view));

describe.each([ocsf, ocsf19])("$title", (format) => {
  test.each([...goldenEvents, ...hostileGoldenEvents])("$name keeps to the schema", ({ view }) => {
    expect(validateOcsf(JSON.parse(format.render(view))).errors).toEqual([]);
  });

  test("whatever stands in the known places, the event keeps to the schema", () => {
    const words = fc.constantFrom(
      "ada@example.com",
      "AGENT",
      "valueOf",
      "__proto__",
      "assistant",
      "user",
      "198.51.100.7",
      "DE",
      "54.3",
      "ADMIN",
    );
    const value = fc.oneof(
      words,
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant([]),
      fc.constant(["x"]),
    );
    const members = (names: string) =>
      fc.record(Object.fromEntries(names.split(",").map((name) => [name, value])), { requiredKeys: [] });
    const actions =
      "GROUP_ADD_USERS,GROUP_EDIT,USER_DELETE,USER_ROLE_UPDATED,SKILL_SHARE,FILE_DOWNLOAD,login_success,signup_success,SESSION_REVOKE";
    const event = fc.record(
      {
        actor: members("type,user_id,user_email,name,id,redacted_id"),
        message: fc.record({
          author: members("type,model,tools_used,client_type"),
          content: members("value"),
          files: fc.array(members("id,name")),
        }),
        conversation: members("id,title,gpt_id,gpt_name"),
        principal: members("id"),
        action: fc.oneof(value, fc.constantFrom(...actions.split(","))),
        action_result: value,
        action_privilege: value,
        action_data: members(
          "id,action,new_role,role,name,new_name,user_id,group_id,email_address,email_addresses,mime_type,file_name,auth_provider_name",
        ),
        request_metadata: fc.record({
          client_ip: value,
          client_user_agent: value,
          client_ip_details: members("country,region_code,region,latitude,longitude,city"),
        }),
        event_type: fc.constantFrom("PROMPT_SENT", "TOOL_DECISION", "AGENT_RUN_FAILED", "AGENT_CREATED", "?"),
        event_details: fc.record({
          thread_id: value,
          tool_name: value,
          token_usage: members("input_tokens,output_tokens"),
        }),
      },
      { requiredKeys: [] },
    );
    const types = fc.constantFrom(
      "CONVERSATION_MESSAGE",
      "AUDIT_LOG",
      "AUTH_LOG",
      "CODEX_LOG",
      "APP_LOG",
      "COSTS",
      "NEW",
    );
    fc.assert(
      fc.property(event, types, (raw, type) => {
        const record = JSON.parse(format.render(aView({ type, raw: JSON.stringify(raw) })));
        expect(validateOcsf(record).errors).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

test("a prompt of 1.8.0 has its text with what is unmapped; 1.9.0 has a place for it, and for the GPT", () => {
  const older = recordOf("User prompt");
  const newer = recordOf("User prompt", ocsf19);
  const text = "Is gauge 7 out of tolerance?\nIts log is attached.";

  expect(older).toMatchObject({
    type_uid: 600301,
    status_id: 1,
    time: Date.parse("2026-07-15T15:29:05.746Z"),
    metadata: {
      version: "1.8.0",
      profiles: ["ai_operation"],
      original_event_uid: "e-prompt",
      log_name: "conversations",
    },
    actor: { user: { uid: "user-ada", email_addr: "ada@harbourlight.example", type_id: 1 } },
    api: { operation: "conversation.message.create" },
    src_endpoint: { svc_name: "ChatGPT" },
    message_context: {
      uid: "6720f0c4-0b51-4f77-9d05-1f2f5b9f0a11",
      name: "Tide gauges of the north pier",
      ai_role_id: 1,
    },
    unmapped: { message: { content: { value: text } } },
  });
  expect(newer.message_context.prompt_text).toBe(text);
  expect(newer.ai_agent).toMatchObject({ uid: "g-calibration", name: "Calibration helper" });
  expect(newer.unmapped.message.content).toEqual({ type: "text", annotations: [] });
});

test("an answer is of the assistant, for the person it talks to", () => {
  const { actor, ai_model, message_context } = recordOf("Assistant message");

  expect(actor).toMatchObject({ user: { uid: "user-ada" }, app_name: "ChatGPT" });
  expect(ai_model).toEqual({ name: "gpt-5-5", ai_provider: "OpenAI" });
  expect(message_context).toMatchObject({ ai_role_id: 2 });
  expect(recordOf("Assistant message", ocsf19)).toMatchObject({
    actor: { application: { name: "ChatGPT" } },
    ai_agent: { ai_model: { name: "gpt-5-5" } },
    message_context: { response_text: "Yes: it drifted by 4 mm since May." },
  });
});

test("a search is Read by a retriever, any other tool is a call", () => {
  expect(recordOf("Tool call")).toMatchObject({
    type_uid: 600302,
    api: { operation: "search_tickets", service: { name: "Ticket desk", uid: "app-tickets" } },
    message_context: { ai_role_id: 6 },
  });
  expect(recordOf("Codex tool call failed")).toMatchObject({
    type_uid: 600399,
    activity_name: "Call",
    status_id: 2,
    status_code: "exit_status",
    status_detail: "Command exited with 1",
    message_context: { ai_role_id: 3, uid: "thread-33" },
  });
  expect(recordOf("Codex tool call denied")).toMatchObject({ severity_id: 3, status_id: 2 });
});

test("sign-ins: who, from where, how it went", () => {
  expect(recordOf("Login")).toMatchObject({
    type_uid: 300201,
    user: { uid: "user-ada" },
    service: { name: "ChatGPT" },
    http_request: { user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0" },
    src_endpoint: { ip: "198.51.100.24", location: { country: "DE", region: "DE-SH", city: "Kiel", lat: 54.3233 } },
  });
  expect(recordOf("Failed login")).toMatchObject({
    type_uid: 300201,
    status_id: 2,
    severity_id: 2,
    status_detail: "password_login_invalid_password",
    auth_protocol_id: 99,
    auth_protocol: "password",
  });
  expect(recordOf("Logout").type_uid).toBe(300202);
  expect(recordOf("Signed out by an administrator")).toMatchObject({
    type_uid: 300202,
    user: { uid: "user-out" },
    actor: { user: { uid: "user-boss", type_id: 2 } },
  });
});

test("users, roles and groups: the class of 1.8.0 and that of 1.9.0", () => {
  const types = (name: string) => [ocsf, ocsf19].map((format) => recordOf(name, format).type_uid);

  expect(types("User added")).toEqual([300101, 300701]);
  expect(types("User removed")).toEqual([300106, 300703]);
  expect(types("Role changed")).toEqual([300501, 300716]);
  expect(types("Password reset")).toEqual([300104, 300709]);
  expect(types("Group renamed")).toEqual([300699, 300609]);
  expect(types("Group member added")).toEqual([300603, 300603]);
  expect(recordOf("Role changed")).toMatchObject({ privileges: ["account-admin"], user: { uid: "user-raised" } });
  expect(recordOf("Group member added", ocsf19).users.map(({ name }: { name: string }) => name)).toEqual([
    "joan@harbourlight.example",
    "jim@harbourlight.example",
  ]);
});

test("in 1.8.0 a group has room for one member: the others stay with what is unmapped", () => {
  const { user, unmapped } = recordOf("Group member added");

  expect(user.name).toBe("joan@harbourlight.example");
  expect(unmapped.action_data.email_addresses).toContain("jim@harbourlight.example");
});

test("what people make, share and remove", () => {
  expect(recordOf("GPT created")).toMatchObject({
    type_uid: 300401,
    entity: { name: "Newcomer guide", uid: "g-newcomer", type: "GPT", type_id: 99 },
  });
  expect(recordOf("Setting changed")).toMatchObject({ type_uid: 300403, entity: { name: "workspace_settings" } });
  expect(recordOf("Conversation shared")).toMatchObject({
    type_uid: 600108,
    metadata: { profiles: ["host"] },
    web_resources: [{ type: "Conversation", uid: "6720f0c4-0b51-4f77-9d05-1f2f5b9f0a11" }],
    unmapped: { action_data: { shared_conversation_id: "shared-51" } },
  });
  expect(recordOf("File upload")).toMatchObject({
    type_uid: 600601,
    file: { name: "pier.pdf", uid: "file-8bPdf", type_id: 1 },
  });
  expect(recordOf("Conversation deleted by a key")).toMatchObject({
    type_uid: 600304,
    api: { operation: "conversation.delete" },
    actor: { user: { uid: "sk-...Ab12", type_id: 4 } },
    resources: [{ type: "conversation", uid: "conversation-keygone" }],
  });
});

test("what a class would need and upstream does not tell makes it API Activity", () => {
  const view = aView({ type: "AUDIT_LOG", raw: '{"action":"USER_DELETE","action_data":{}}' });

  expect(JSON.parse(ocsf.render(view))).toMatchObject({ type_uid: 600399, api: { operation: "USER_DELETE" } });
});

test("a type that nobody knows is a base event with everything unmapped", () => {
  expect(recordOf("A type that nobody knows")).toMatchObject({
    class_uid: 0,
    activity_name: "WORKSPACE_FORECAST_LOG",
    unmapped: { forecast: { horizon_days: 7, seats: 61, confidence: 0.8 } },
  });
});

test("a pseudonym in the place of an address is a name and no address", () => {
  const raw = '{"actor":{"type":"ACCOUNT_USER","user_email":"p_0011223344"}}';

  expect(JSON.parse(ocsf.render(aView({ raw }))).actor.user).toEqual({
    name: "p_0011223344",
    type_id: 1,
    type: "User",
  });
});
