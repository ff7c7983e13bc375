import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openControl } from "./control/open-control.ts";
import { followControl } from "./follow-control.ts";
import { CollectorError } from "./model/errors.ts";
import { fakeClock } from "./testing/fake-clock.ts";
import { quietLog } from "./testing/quiet-log.ts";

function following(refresh: () => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), "cistern-follow-"));
  const clock = fakeClock("2026-07-15T12:00:00Z");
  const open = () =>
    openControl({
      path: join(folder, "control.db"),
      secretKeyPath: join(folder, "secret.key"),
      now: clock.now,
      randomBytes,
    });
  const [own, other] = [open(), open()];
  const stop = new AbortController();
  const ended = followControl(
    { changedByOthers: own.changedByOthers, refresh, sleep: clock.sleep, log: quietLog() },
    stop.signal,
  );
  onTestFinished(async () => {
    stop.abort();
    await clock.advance(2_000);
    await ended;
    own.control.close();
    other.control.close();
    rmSync(folder, { recursive: true });
  });
  return { clock, own, other };
}

test("what another process changes is applied once, and what this one changes is not", async () => {
  const refresh = vi.fn(async () => undefined);
  const { clock, own, other } = following(refresh);

  own.control.createSite("ours");
  await clock.advance(10_000);
  expect(refresh).toHaveBeenCalledTimes(0);

  other.control.createSite("theirs");
  await clock.advance(2_000);
  await clock.advance(10_000);
  expect(refresh).toHaveBeenCalledTimes(1);
});

test("what could not be read is read again", async () => {
  const refresh = vi.fn(async () => undefined);
  refresh.mockRejectedValueOnce(new CollectorError("storage", "control.db is locked by another program"));
  const { clock, other } = following(refresh);

  other.control.createSite("theirs");
  await clock.advance(2_000);
  await clock.advance(2_000);
  await clock.advance(10_000);

  expect(refresh).toHaveBeenCalledTimes(2);
});
