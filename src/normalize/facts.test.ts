import fc from "fast-check";
import { expect, test } from "vitest";
import { aView, hostileLines } from "../testing/an-outgoing-event.ts";
import { factsOf } from "./facts.ts";
import { outcomeOf } from "./outcome.ts";

const factsIn = (event: object) => factsOf(aView({ raw: JSON.stringify(event) }));

test("a message: who wrote it, where it stands and what it says", () => {
  const facts = factsIn({
    principal: { id: "ws-1", type: "CHATGPT_WORKSPACE" },
    actor: { type: "ACCOUNT_USER", user_id: "user-1", user_email: "ada@example.com" },
    previous_message_id: "m0",
    message: {
      id: "m1",
      author: { type: "assistant", model: "gpt-5-5", tools_used: ["browser", 7], skills_used: [] },
      content: { type: "text", value: "Hello" },
      files: [{ id: "file-1", name: "a.pdf" }, "no file", {}],
    },
    conversation: { id: "c1", title: "Plan", gpt_id: "g-1", gpt_name: null, project_id: 5, is_temporary_chat: false },
  });

  expect(facts).toMatchObject({
    timeMs: Date.parse("2026-07-15T15:29:05.746Z"),
    principalId: "ws-1",
    actor: { type: "ACCOUNT_USER", userId: "user-1", email: "ada@example.com", name: undefined, id: undefined },
    action: undefined,
    outcome: "unknown",
    conversation: {
      id: "c1",
      title: "Plan",
      gptId: "g-1",
      gptName: undefined,
      projectId: undefined,
      isTemporary: false,
    },
    message: { id: "m1", previousId: "m0", author: "assistant", tools: ["browser"], skills: [] },
    model: "gpt-5-5",
    text: "Hello",
    files: [{ id: "file-1", name: "a.pdf" }],
  });
});

test("an administrative action: what was done, how it went, from where and to whom", () => {
  const facts = factsIn({
    actor: { type: "API_KEY", redacted_id: "sk-...Ab12" },
    action: "GROUP_ADD_USERS",
    action_result: "BLOCKED",
    action_privilege: "ADMIN",
    request_metadata: { client_ip: "198.51.100.7", client_user_agent: "curl/8", client_ip_details: { city: "" } },
    action_data: { group_id: "g1", user_id: "user-2__ws-1", email_addresses: ["b@example.com", "c@example.com"] },
  });

  expect(facts).toMatchObject({
    actor: { type: "API_KEY", id: "sk-...Ab12", userId: undefined },
    client: { ip: "198.51.100.7", userAgent: "curl/8", city: undefined },
    action: "GROUP_ADD_USERS",
    result: "BLOCKED",
    outcome: "failure",
    privilege: "ADMIN",
    targetUserIds: ["user-2"],
    targetEmails: ["b@example.com", "c@example.com"],
  });
});

test("an agent has its own name and the person that it works for", () => {
  const facts = factsIn({
    actor: { type: "AGENT", id: "agent-1", name: "Clerk", agent_runtime: { delegator: { user_id: "user-1" } } },
    event_type: "MEMORY_WRITE",
    event_details: { content: "The invoice" },
  });

  expect(facts).toMatchObject({
    actor: { type: "AGENT", userId: "user-1", id: "agent-1", name: "Clerk" },
    agent: { id: "agent-1", name: "Clerk" },
    action: "MEMORY_WRITE",
    text: "The invoice",
  });
});

test.each([
  ["login_success", undefined, "success"],
  ["password_login_invalid_password", undefined, "failure"],
  ["password_login_sentinel_blocked", undefined, "failure"],
  ["password_reset_initiated", undefined, "unknown"],
  ["TOOL_CALL_FAILED", undefined, "failure"],
  ["TOOL_DECISION", "denied_with_network_policy_deny", "failure"],
  ["TOOL_DECISION", "approved_for_session", "success"],
  ["CONVERSATION_DELETE", "ERROR", "failure"],
  ["CONVERSATION_DELETE", "SUCCESS", "success"],
  ["INVALIDATED", undefined, "unknown"],
  [undefined, undefined, "unknown"],
])("%s with %s is %s", (action, result, outcome) => {
  expect(outcomeOf(action, result)).toBe(outcome);
});

test("whatever stands in an event, reading it does not throw and makes nothing up", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "__proto__", "constructor"));
  const keys = fc.constantFrom(
    "actor",
    "message",
    "conversation",
    "action_data",
    "event_details",
    "files",
    "__proto__",
  );
  fc.assert(
    fc.property(fc.dictionary(keys, fc.oneof(text, fc.jsonValue(), fc.dictionary(keys, text))), (event) => {
      const facts = factsIn(event);
      expect(facts.actor.email).toBeUndefined();
      expect(facts.action).toBeUndefined();
    }),
  );
  for (const raw of ["null", "[]", "7", "{", ...hostileLines, new Uint8Array([0xff])])
    expect(factsOf(aView({ raw })).text).toBeUndefined();
});
