import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { stream } from "hono/streaming";
import type { CheckStep } from "../model/check.ts";
import { CollectorError } from "../model/errors.ts";
import type { Logger } from "../model/log.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { traceOf } from "./errors.ts";
import { checkDataSources, readSettings } from "./installing.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";
import { Settings } from "./schemas.ts";

const Check = z.strictObject({
  connector: z.string(),
  settings: Settings,
  dataSources: z.array(z.string().min(1).max(100)).max(100),
  collectorId: z.string().optional(),
  draftId: z.string().optional(),
});

/** The staged connection test, told step by step as it happens. */
export function checkRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    route(
      {
        method: "post",
        path: "/check",
        tag: "collectors",
        summary: "Test a connection; one JSON object a line, each step when it starts and when it has ended",
        permission: "collectors.write",
        body: Check,
        media: "application/x-ndjson",
      },
      ({ c, body }) => {
        const { connector, parsed } = readSettings(deps, body.connector, body.settings, body);
        checkDataSources(connector, body.dataSources);
        recordChange(deps, c, "connection.tested", body.collectorId ?? body.draftId, { connector: connector.name });
        return checkAnswer(deps, c, (signal) => deps.tester.test(connector.name, parsed, body.dataSources, signal));
      },
    ),
  ];
}

/** Tells the steps of a test as they happen, one JSON object a line. */
export function checkAnswer(
  { log }: ApiDeps,
  c: Context<ApiEnv>,
  test: (signal: AbortSignal) => AsyncIterable<CheckStep>,
): Response {
  c.header("content-type", "application/x-ndjson");
  c.header("x-accel-buffering", "no");
  const stopped = new AbortController();
  return stream(c, async (out) => {
    out.onAbort(() => stopped.abort());
    for await (const step of withResult(log, test(stopped.signal))) await out.write(`${JSON.stringify(step)}\n`);
  });
}

/** The steps, and at the end whether all went well. What stops the test is its last step, so that the reader sees why. */
async function* withResult(log: Logger, steps: AsyncIterable<CheckStep>): AsyncGenerator<CheckStep> {
  let failed = false;
  try {
    for await (const step of steps) {
      failed ||= step.state === "failed";
      yield step;
    }
  } catch (error) {
    failed = true;
    if (error instanceof Error && !(error instanceof CollectorError))
      log.error(traceOf(error), "A connection test failed in a way the server does not know");
    yield stoppedBy(error);
  }
  yield { id: "result", title: failed ? "The test failed" : "The connection works", state: failed ? "failed" : "ok" };
}

const stoppedBy = (error: unknown): CheckStep => ({
  id: "stopped",
  title: "The test stopped",
  state: "failed",
  ...(error instanceof CollectorError
    ? { detail: error.message, remedy: error.action, reason: error.reason ?? error.code }
    : { detail: "The test met an error that it does not know", reason: "internal" }),
});
