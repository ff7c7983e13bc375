import fc from "fast-check";
import { expect, test } from "vitest";
import { aView } from "../../testing/an-outgoing-event.ts";
import { ecsErrors } from "../../testing/ecs-validate.ts";
import { goldenEvent, goldenEvents, hostileGoldenEvents } from "../../testing/golden-events.ts";
import { ecs } from "./ecs.ts";

const recordOf = (name: string) => JSON.parse(ecs.render(goldenEvent(name).view));

test.each([...goldenEvents, ...hostileGoldenEvents])("$name keeps to the schema", ({ view }) => {
  expect(ecsErrors(JSON.parse(ecs.render(view)))).toEqual([]);
});

test("the judge finds what is wrong", () => {
  const record = recordOf("Login");

  expect(ecsErrors({ ...record, source: { ip: "not an address" } })).toEqual(['source.ip: "not an address" is no ip']);
  expect(ecsErrors({ ...record, gen_ai: { conversation: { id: "c" } } })).toEqual([
    "gen_ai.conversation.id: no such field",
  ]);
  expect(ecsErrors({ ...record, openai: { compliance: { made_up: 1 } } })).toEqual([
    "openai.compliance.made_up: no such field",
  ]);
  expect(ecsErrors({ ...record, event: { ...record.event, type: ["creation"] } })).toEqual([
    "event.type: creation of authentication",
  ]);
  expect(ecsErrors({ ...record, event: { ...record.event, outcome: "maybe", type: "start" } })).toEqual([
    "event.type: a list",
    "event.outcome: maybe is not allowed",
  ]);
});

test("a prompt: who wrote what, when, where", () => {
  expect(recordOf("User prompt")).toMatchObject({
    "@timestamp": "2026-07-15T15:29:05.746561Z",
    ecs: { version: "9.4.0" },
    event: {
      id: "e-prompt",
      kind: "event",
      category: ["api"],
      type: ["access"],
      action: "message-created",
      outcome: "success",
      dataset: "openai.compliance",
      created: "2026-07-15T15:41:00.123Z",
      timezone: "Europe/Berlin",
    },
    message: "Is gauge 7 out of tolerance?\nIts log is attached.",
    user: { id: "user-ada", email: "ada@harbourlight.example", domain: "harbourlight.example" },
    organization: { id: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa" },
    gen_ai: {
      operation: { name: "chat" },
      system: "openai",
      agent: { id: "g-calibration", name: "Calibration helper" },
    },
    file: { name: "gauge-7.csv", extension: "csv" },
    related: { user: ["user-ada", "ada@harbourlight.example"] },
    labels: { sitename: "hq", conversation_id: "6720f0c4-0b51-4f77-9d05-1f2f5b9f0a11" },
    openai: {
      compliance: {
        conversation: { id: "6720f0c4-0b51-4f77-9d05-1f2f5b9f0a11", is_temporary: true },
        message: { id: "message-e-prompt", author: "user" },
        file: { id: ["file-7aLog"] },
      },
    },
  });
});

test("an answer has the model that gave it", () => {
  expect(recordOf("Assistant message").gen_ai).toMatchObject({
    operation: { name: "chat" },
    response: { model: "gpt-5-5", id: "message-e-answer" },
  });
});

test("a tool call of Codex that failed says why", () => {
  expect(recordOf("Codex tool call failed")).toMatchObject({
    event: { action: "tool-answered", outcome: "failure" },
    error: { code: "exit_status", message: "Command exited with 1" },
    gen_ai: { operation: { name: "execute_tool" }, tool: { name: "shell", call: { id: "call_9Zx" } } },
    openai: { compliance: { session: { id: "thread-33" } } },
  });
});

test("a failed login: outcome, address and place", () => {
  expect(recordOf("Failed login")).toMatchObject({
    event: {
      category: ["authentication"],
      type: ["start"],
      outcome: "failure",
      action: "password-login-invalid-password",
    },
    source: { ip: "2001:db8::77", address: "2001:db8::77" },
    related: { ip: ["2001:db8::77"] },
    openai: { compliance: { auth: { provider: "password" } } },
  });
  expect(recordOf("Login").source.geo).toEqual({
    country_iso_code: "DE",
    region_iso_code: "DE-SH",
    region_name: "Schleswig-Holstein",
    city_name: "Kiel",
    location: { lat: 54.3233, lon: 10.1228 },
  });
});

test("changes name what was changed and whom", () => {
  expect(recordOf("Setting changed")).toMatchObject({
    event: { action: "workspace-setting-changed", category: ["configuration"], type: ["change"] },
    openai: { compliance: { setting: { name: "memory", new: "false" }, action: "WORKSPACE_TOGGLE_FEATURE" } },
  });
  expect(recordOf("Setting refused").event).toMatchObject({ outcome: "failure", reason: "BLOCKED" });
  expect(recordOf("GPT created").openai.compliance.thing).toEqual({
    type: "GPT",
    id: "g-newcomer",
    name: "Newcomer guide",
  });
  expect(recordOf("Role changed").user).toMatchObject({
    id: "user-boss",
    target: { id: "user-raised", roles: ["account-admin"] },
  });
  expect(recordOf("Group member added")).toMatchObject({
    event: { category: ["iam"], type: ["group", "change"] },
    group: { id: "group-9" },
    user: { target: { email: ["joan@harbourlight.example", "jim@harbourlight.example"] } },
  });
});

test("what has no field is one text of JSON, and what has one is not in it", () => {
  expect(JSON.parse(recordOf("Conversation shared").openai.compliance.rest)).toEqual({
    action_data: { shared_conversation_id: "shared-51", already_exists: false },
    request_metadata: {
      client_ip_details: { region_code: "SH" },
      client_ja4: "t13d1516h2_8daaf6152771_b186095e22b6",
    },
  });
});

test("costs are a metric, and unknown types are events", () => {
  expect(recordOf("Costs").event).toMatchObject({ kind: "metric", type: ["info"] });
  expect(recordOf("A type that nobody knows").event).toMatchObject({ kind: "event", action: "workspace-forecast-log" });
});

test("an event without a time has the time of its collection", () => {
  const view = aView({ time: "", raw: "{}" });

  expect(JSON.parse(ecs.render(view))["@timestamp"]).toBe("2026-07-15T15:41:00.123Z");
});

test("whatever stands in the known places, the record keeps to the schema", () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant([]),
    fc.constant({}),
  );
  const members = (names: string) => fc.record(Object.fromEntries(names.split(",").map((name) => [name, value])));
  const event = fc.record({
    actor: members("type,user_id,user_email,name,id,redacted_id"),
    message: fc.record({
      author: members("type,model,tools_used,client_type"),
      content: members("value"),
      files: fc.array(members("id,name")),
    }),
    conversation: members("id,title,gpt_id,is_temporary_chat"),
    action: fc.oneof(value, fc.constantFrom("GROUP_ADD_USERS", "WORKSPACE_TOGGLE_FEATURE", "SKILL_SHARE")),
    action_data: members("id,value,enabled,feature,name,user_id,group_id,role,email_address,mime_type,file_name"),
    request_metadata: fc.record({
      client_ip: value,
      client_ip_details: members("country,region_code,latitude,longitude,city"),
    }),
    event_details: fc.record({ call_id: value, token_usage: members("input_tokens,output_tokens"), error_code: value }),
  });
  const types = fc.constantFrom("CONVERSATION_MESSAGE", "AUDIT_LOG", "CODEX_LOG", "NEW");
  fc.assert(
    fc.property(event, types, (raw, type) => {
      expect(ecsErrors(JSON.parse(ecs.render(aView({ type, raw: JSON.stringify(raw) }))))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
