import { expect, test } from "vitest";
import { type ConnectionTest, ended, withStep } from "./useConnectionTest.ts";

const running: ConnectionTest = { state: "running", steps: [], result: undefined, error: undefined };

test("a step that has ended replaces itself under way, in its place", () => {
  const first = withStep(withStep(running, { id: "dns", title: "Address", state: "running" }), {
    id: "tls",
    title: "TLS",
    state: "running",
  });

  expect(
    withStep(first, { id: "dns", title: "Address", state: "ok" }).steps.map(({ id, state }) => `${id} ${state}`),
  ).toEqual(["dns ok", "tls running"]);
});

test("the result ends the test and is no step", () => {
  const test = withStep(running, { id: "result", title: "One step failed", state: "failed" });

  expect([test.state, test.steps.length]).toEqual(["failed", 0]);
});

test("a stream that ends without a result is a failure, not a success", () => {
  expect(ended(running).state).toBe("failed");
  expect(ended({ ...running, state: "ok" }).state).toBe("ok");
});
