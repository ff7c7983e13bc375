import { expect, test } from "vitest";
import { watchPresence } from "./presence.ts";

test("a page that nobody touches is alone after half a minute, until somebody comes back", () => {
  const page = new EventTarget();
  let now = 0;
  const presence = watchPresence(page, () => now);

  expect(presence.isPresent()).toBe(true);
  now = 30_000;
  expect(presence.isPresent()).toBe(false);
  page.dispatchEvent(new Event("keydown"));
  now = 59_999;
  expect(presence.isPresent()).toBe(true);
  now = 60_000;
  expect(presence.isPresent()).toBe(false);
});
