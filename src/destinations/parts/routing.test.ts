import { describe, expect, test } from "vitest";
import { anOutgoingEvent } from "../../testing/an-outgoing-event.ts";
import { headersOf, messageId, pattern, routed } from "./routing.ts";

describe("a pattern", () => {
  test.each(["cistern.{collector}.{data_source}", "events", "a-b_c.x{type}y.{type}"])("%s is one", (text) => {
    expect(pattern.safeParse(text).success).toBe(true);
  });

  test.each([
    "",
    ".",
    "a..b",
    "a.",
    "a b",
    "a.>",
    "a.*",
    "$SYS.x",
    "{user}",
    "{type",
    "a".repeat(101),
    "{type}".repeat(4),
  ])("%j is none", (text) => {
    expect(pattern.safeParse(text).success).toBe(false);
  });

  test("each value is one token, whatever stands in it", () => {
    const event = anOutgoingEvent({ dataSource: "audit-log", type: "a.b >*\r\nPUB x ü" });

    expect(routed("{collector}.{data_source}.{type}", event)).toBe("chatgpt-prod.audit-log.a_b_____PUB_x__");
  });

  test("a value that is empty or endless still fits", () => {
    const empty = anOutgoingEvent({ type: "" });
    const endless = anOutgoingEvent({ type: "x".repeat(1_000) });

    expect(routed("t.{type}", empty)).toBe("t._");
    expect(routed(`${"a".repeat(82)}{type}{type}{type}`, endless).length).toBeLessThanOrEqual(255);
  });
});

describe("a message id", () => {
  test("is the event's key where it can stand in a header", () => {
    expect(messageId({ key: "col_a:event/1~x:0123456789abcdef" })).toBe("col_a:event/1~x:0123456789abcdef");
  });

  test.each(["col_a:e\r\nX: y:00", "col_a:ü:00", `col_a:${"e".repeat(300)}:00`])(
    "is a hash where it cannot: %j",
    (key) => {
      expect(messageId({ key })).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(messageId({ key })).not.toBe(messageId({ key: `${key}1` }));
    },
  );

  test("headers carry no character that could end one", () => {
    const event = anOutgoingEvent({ type: "x\r\nY: z", eventId: "e\r\nX: y" });

    for (const value of Object.values(headersOf(event, "cistern/1"))) expect(value).toMatch(/^[!-~]+$/);
  });
});
