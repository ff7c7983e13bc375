// A working day of a made-up company, every event type in it, with everything odd that the sandbox can do to a line.
import { expect, test } from "vitest";
import { companyOf } from "../sandbox/generator/company.ts";
import { familiesOf } from "../sandbox/generator/families.ts";
import type { World } from "../sandbox/generator/family.ts";
import { identitiesOf } from "../sandbox/keys.ts";
import { DEFAULT_QUIRKS, type Quirks } from "../sandbox/quirks.ts";
import { aView } from "../testing/an-outgoing-event.ts";
import { ecsErrors } from "../testing/ecs-validate.ts";
import { parsedByExabeam } from "../testing/exabeam-parsers.ts";
import { validateOcsf } from "../testing/ocsf/validate.ts";
import { formatOf } from "./index.ts";

const DAY = Date.UTC(2026, 6, 15);
const HOUR = 3_600_000;

const quirks: Quirks = {
  ...DEFAULT_QUIRKS,
  unknownEventType: true,
  hostileText: 0.3,
  editedMessages: 0.1,
  compositeUserIds: 0.5,
};
const world: World = {
  seed: 7,
  company: companyOf(7, 40, DAY - 30 * 24 * HOUR),
  ids: identitiesOf(7),
  eventsPerDay: 3_000,
  quirksAt: () => quirks,
};

const views = [8, 9, 13, 15].flatMap((hour) =>
  familiesOf(world).flatMap((family) =>
    family.plan({ startMs: DAY + hour * HOUR, share: 0.05 }).map((event) => {
      const line = event.write();
      return aView({ eventId: event.id, type: family.type, time: String(line.timestamp), raw: JSON.stringify(line) });
    }),
  ),
);

test("every event type is among them", () => {
  expect(new Set(views.map(({ stored }) => stored.type)).size).toBe(12);
});

test("each of them keeps to ECS and to both versions of OCSF", () => {
  for (const view of views) {
    expect(ecsErrors(JSON.parse(formatOf("ecs").render(view))), view.text).toEqual([]);
    for (const name of ["ocsf", "ocsf-1.9"] as const)
      expect(validateOcsf(JSON.parse(formatOf(name).render(view))).errors, view.text).toEqual([]);
  }
});

test("Exabeam's parsers take each message and each action of the audit log, with its time", () => {
  for (const view of views.filter(({ stored }) => /^(?:CONVERSATION_MESSAGE|AUDIT_LOG)$/.test(stored.type)))
    expect(parsedByExabeam(formatOf("exabeam-raw").render(view))?.time, view.text).toBe(view.stored.time);
});
