import { describe, expect, test } from "vitest";
import { type AlertDestination, deliveryProblemsOf } from "./delivery-alerts.ts";
import type { DeliveryActivity, RecentAnswer } from "./delivery-plan.ts";

const startedAt = new Date("2026-07-15T10:00:00Z");
const at = (minute: number) => new Date(Date.parse("2026-07-15T12:00:00Z") + minute * 60_000);

const refused = {
  code: "auth_failed",
  reason: "credentials_refused",
  message: "siem.example answered 403: token canary of someone@example.org",
  action: "Enter a token or password that may write there",
  since: "2026-07-15T12:00:00Z",
};

const answer = (outcome: RecentAnswer["outcome"], minute: number): RecentAnswer => ({
  ...{ at: at(minute).toISOString(), durationMs: 10, events: 1, bytes: 1, outcome, detail: undefined },
});

function destination(activity: Partial<DeliveryActivity>, over: Partial<AlertDestination> = {}): AlertDestination {
  const quiet = { circuit: "closed", nextAttemptAt: undefined, eventsPerSecond: 0, bytesPerSecond: 0 } as const;
  return {
    id: "dest_1",
    name: "soc",
    activity: {
      ...{ destinationId: "dest_1", phase: "retrying", problem: refused, latencyP95Ms: undefined, answers: [] },
      ...quiet,
      ...activity,
    },
    pending: 10,
    oldestAt: at(0).toISOString(),
    ...over,
  };
}

const problems = (one: AlertDestination, minute: number, began = startedAt) =>
  deliveryProblemsOf([one], { now: at(minute), startedAt: began });

describe("a destination that halts", () => {
  test("is a critical problem at once, with what to do, and nothing of what the destination said", () => {
    const found = problems(destination({ phase: "halted" }, { pending: 0, oldestAt: undefined }), 0);

    expect(found).toMatchObject([
      {
        key: "delivery/dest_1",
        rule: "delivery",
        severity: "critical",
        destination: "soc",
        destinationId: "dest_1",
        cause: "credentials_refused",
        action: "Enter a token or password that may write there",
      },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/canary|someone/);
  });

  test("for another reason is told again, for the same it is not", () => {
    const fingerprints = (problem: DeliveryActivity["problem"]) =>
      problems(destination({ phase: "halted", problem }), 0).map(({ fingerprint }) => fingerprint);

    expect(fingerprints({ ...refused, since: "2026-07-15T12:09:00Z" })).toEqual(fingerprints(refused));
    expect(fingerprints({ ...refused, reason: "role_missing" })).not.toEqual(fingerprints(refused));
  });

  test("is one too where its settings cannot be had", () => {
    expect(problems(destination({ phase: "unusable", problem: undefined }), 0)).toMatchObject([
      { severity: "critical", action: expect.stringContaining("console") },
    ]);
  });
});

describe("a destination that takes nothing", () => {
  test.each([
    [14, []],
    [15, ["warning"]],
  ])("after %i minutes is %j", (minute, severities) => {
    expect(problems(destination({}), minute).map(({ severity }) => severity)).toEqual(severities);
  });

  test("is none for 15 minutes after it took something, or the process began, however old the backlog is", () => {
    const old = { oldestAt: at(-600).toISOString() };

    expect(problems(destination({ answers: [answer("retry", 9), answer("taken", 5)] }, old), 19)).toEqual([]);
    expect(problems(destination({ answers: [answer("retry", 9), answer("taken", 5)] }, old), 20)).toHaveLength(1);
    expect(problems(destination({}, old), 14, at(0))).toEqual([]);
    expect(problems(destination({}, old), 15, at(0))).toHaveLength(1);
  });

  test("is the same problem whatever it answers", () => {
    const one = problems(destination({}), 20)[0]!;
    const other = problems(destination({ problem: { ...refused, reason: "server_error" } }), 40)[0]!;

    expect([other.key, other.fingerprint]).toEqual([one.key, one.fingerprint]);
  });

  test.each(["idle", "paused", "waiting"] as const)("is none while %s", (phase) => {
    expect(problems(destination({ phase }), 600)).toEqual([]);
  });

  test("is none where nothing waits, or the engine has said nothing yet", () => {
    expect(problems(destination({}, { pending: 0, oldestAt: undefined }), 600)).toEqual([]);
    expect(problems(destination({}, { activity: undefined }), 600)).toEqual([]);
  });
});
