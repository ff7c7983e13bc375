import { expect, test } from "vitest";
import { aView } from "../testing/an-outgoing-event.ts";
import { type Parsed, parsedByExabeam } from "../testing/exabeam-parsers.ts";
import { goldenEvent, goldenEvents } from "../testing/golden-events.ts";
import { exabeamRaw } from "./exabeam-raw.ts";

const parsed = (name: string): Parsed | undefined => parsedByExabeam(exabeamRaw.render(goldenEvent(name).view));

test("white space between tokens goes; order, numbers, escapes and repeated keys stay to the letter", () => {
  const raw =
    '{ "b" : 1.50,\t"a" : [ 12345678901234567890 , 1e400 ],\r\n "t" : "a  \\u0041 \\" b" , "b":2, "__proto__" : {} }\r';

  expect(exabeamRaw.render(aView({ raw }))).toBe(
    '{"b":1.50,"a":[12345678901234567890,1e400],"t":"a  \\u0041 \\" b","b":2,"__proto__":{},"sitename":"hq","siteid":"site_abcdefghijklmnop","timezone":"Europe/Berlin"}',
  );
});

test("what the collector does not set is not added", () => {
  const view = aView({ raw: '{"a":1}' });
  const without = { siteName: undefined, siteId: undefined, timezone: undefined };

  const named = exabeamRaw.render({ ...view, stored: { ...view.stored, ...without, timezone: "UTC" } });
  const empty = exabeamRaw.render({ ...aView({ raw: "{}" }), stored: { ...view.stored, ...without, siteId: "s" } });

  expect(named).toBe('{"a":1,"timezone":"UTC"}');
  expect(exabeamRaw.render({ ...view, stored: { ...view.stored, ...without } })).toBe('{"a":1}');
  expect(empty).toBe('{"siteid":"s"}');
});

test("upstream's text comes first, as it is, in every golden event", () => {
  for (const { view } of goldenEvents) {
    const line = exabeamRaw.render(view);
    expect(line.startsWith(view.text!.slice(0, -1))).toBe(true);
    expect(JSON.parse(line)).toEqual({
      ...view.data,
      sitename: "hq",
      siteid: "site_abcdefghijklmnop",
      timezone: "Europe/Berlin",
    });
  }
});

test("bytes that are not UTF-8 arrive whole, in the envelope of Cistern", () => {
  const line = JSON.parse(exabeamRaw.render(aView({ raw: Buffer.from([0x7b, 0xff, 0x7d]) })));

  expect(line).toMatchObject({ raw_base64: "e/99", sitename: "hq", timezone: "Europe/Berlin" });
});

test("the parser of conversations reads a prompt and an answer", () => {
  expect(parsed("User prompt")).toMatchObject({
    parser: "request-response",
    time: "2026-07-15T15:29:05.746561Z",
    fields: {
      workspace_id: ["9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa"],
      conversation_id: ["6720f0c4-0b51-4f77-9d05-1f2f5b9f0a11"],
      ai_agent_id: ["g-calibration"],
      user_id: ["user-ada"],
      email_address: ["ada@harbourlight.example"],
      message_author_type: ["user"],
      llm_request: ["Is gauge 7 out of tolerance?\nIts log is attached."],
      file_name: ["gauge-7.csv"],
      file_id: ["file-7aLog"],
    },
  });
  expect(parsed("Assistant message")?.fields).toMatchObject({
    message_author_type: ["assistant"],
    ai_tool_name: ["browser"],
  });
});

test("the parsers of the audit log read the actions that they are for, and any other", () => {
  expect(parsed("Conversation deleted")).toMatchObject({
    parser: "conversation-delete",
    time: "2026-07-15T16:02:11.400312Z",
    fields: {
      operation: ["CONVERSATION_DELETE"],
      result: ["SUCCESS"],
      conversation_id: ["conversation-gone"],
      src_ip: ["198.51.100.24"],
      user_agent: ["Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0"],
      email_address: ["ada@harbourlight.example"],
    },
  });
  expect(parsed("Conversation shared")).toMatchObject({
    parser: "conversation-share",
    fields: { shared_conversation_id: ["shared-51"] },
  });
  expect(parsed("User removed")).toMatchObject({ parser: "user-delete", fields: { dest_user_id: ["user-left"] } });
  expect(parsed("Group member added")).toMatchObject({
    parser: "audit",
    fields: { group_id: ["group-9"], dest_email_address: ["joan@harbourlight.example", "jim@harbourlight.example"] },
  });
  expect(parsed("Group renamed")?.fields).toMatchObject({ group_name: ["Divers"] });
  expect(parsed("User added")?.fields).toMatchObject({ role: ["standard-user"] });
});

test("every message and every action of the audit log is parsed with its time, and nothing else is parsed", () => {
  const results = goldenEvents.map(({ name, view }) => ({ name, type: view.stored.type, found: parsed(name) }));

  for (const { name, type, found } of results.filter(({ found }) => found !== undefined)) {
    expect(["CONVERSATION_MESSAGE", "AUDIT_LOG"], name).toContain(type);
    expect(found?.time, name).toBeDefined();
  }
  expect([...new Set(results.filter(({ found }) => !found).map(({ type }) => type))].sort()).toEqual([
    "APP_AUTH_LOG",
    "APP_LOG",
    "AUTH_LOG",
    "CODEX_LOG",
    "CODEX_TURN",
    "COSTS",
    "CUSTOM_AGENTS_LOG",
    "WORKSPACE_FORECAST_LOG",
  ]);
});

// Known mismatches with the published parsers. Upstream's text is left alone all the same: changing it would break more than it mends.
test("times with fewer than six digits, as sign-ins have them, are not the time that the parsers know", () => {
  const raw = JSON.stringify({ ...goldenEvent("Setting changed").view.data, timestamp: "2026-07-15T07:58:03Z" });

  expect(parsed("Login")).toBeUndefined();
  expect(parsedByExabeam(exabeamRaw.render(aView({ raw })))).toMatchObject({ parser: "audit", time: undefined });
});

test("a message of the retired conversations list is read in the shape of the parser, not in upstream's own order", () => {
  const message = {
    created_at: 1750003600.25,
    files: { data: [] },
    author: { role: "user" },
    content: { value: "Hi" },
  };
  const line = (value: object) => aView({ raw: JSON.stringify(value, undefined, 1).replaceAll("\n", " ") });
  const conversation = { object: "compliance.workspace.conversation", workspace_id: "w", gpt_id: null };

  const itsShape = parsedByExabeam(exabeamRaw.render(line({ ...conversation, message })));
  const upstreams = parsedByExabeam(
    exabeamRaw.render(line({ ...conversation, message: { created_at: 1750003600.25, author: {}, files: {} } })),
  );

  expect(itsShape).toMatchObject({ parser: "legacy-message", time: "1750003600", fields: { llm_request: ["Hi"] } });
  expect(upstreams).toMatchObject({ parser: "legacy-message", time: undefined });
});
