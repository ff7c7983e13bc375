import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, type CheckRequests, checkSteps } from "../api.ts";
import type { CheckStep } from "../api-types.ts";

export interface ConnectionTest {
  readonly state: "none" | "running" | "ok" | "failed";
  readonly steps: readonly CheckStep[];
  /** The sentence of the result, once there is one. */
  readonly result: CheckStep | undefined;
  /** Why the test itself could not be run. */
  readonly error: Error | undefined;
}

const none: ConnectionTest = { state: "none", steps: [], result: undefined, error: undefined };

/** A step under way replaces the one of the same id; a new one goes to the end. */
export function withStep(test: ConnectionTest, step: CheckStep): ConnectionTest {
  if (step.id === "result") return { ...test, result: step, state: step.state === "failed" ? "failed" : "ok" };
  const known = test.steps.some(({ id }) => id === step.id);
  return {
    ...test,
    steps: known ? test.steps.map((each) => (each.id === step.id ? step : each)) : [...test.steps, step],
  };
}

/** A stream that ended without a result says nothing about the connection. */
export function ended(test: ConnectionTest): ConnectionTest {
  if (test.state !== "running") return test;
  return { ...test, state: "failed", error: new Error("The test was cut off before it was done") };
}

/** Runs connection tests, one at a time, and tells their steps as they happen. */
export function useConnectionTest<Path extends keyof CheckRequests = "/check">(path = "/check" as Path) {
  const [test, setTest] = useState(none);
  const running = useRef<AbortController>(undefined);

  const stop = useCallback(() => running.current?.abort(), []);
  const clear = useCallback(() => {
    stop();
    setTest(none);
  }, [stop]);
  const run = useCallback(
    async (request: CheckRequests[Path]) => {
      running.current?.abort();
      const control = new AbortController();
      running.current = control;
      setTest({ ...none, state: "running" });
      try {
        for await (const step of checkSteps(path, request, control.signal))
          setTest((current) => withStep(current, step));
        setTest(ended);
      } catch (error) {
        if (control.signal.aborted)
          return setTest((current) => (running.current === control ? { ...current, state: "none" } : current));
        setTest((current) => ({
          ...current,
          state: "failed",
          error: error instanceof Error ? error : new Error(String(error)),
        }));
      }
    },
    [path],
  );
  useEffect(() => stop, [stop]);
  const fields = test.error instanceof ApiError ? test.error.problem.fields : undefined;
  return { test, run, stop, clear, fields };
}
