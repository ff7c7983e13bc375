import { expect, test } from "vitest";
import { fakeClock } from "../testing/fake-clock.ts";
import { createWatch } from "./watch.ts";

test("work in hand is told with the moment at which it last moved, and no more once it has ended", async () => {
  const clock = fakeClock();
  const watch = createWatch(clock.now);
  const end = Promise.withResolvers<void>();
  const running = watch.during("looking for files", async (work) => {
    await clock.sleep(5_000, new AbortController().signal);
    work.moved();
    await end.promise;
  });

  await clock.advance(65_000);

  expect(watch.slowest()).toEqual({ what: "looking for files", movedAt: "2026-01-01T00:00:05.000Z", outside: false });
  end.resolve();
  await running;
  expect(watch.slowest()).toBeUndefined();
});

test("what stands still by itself comes before what waits for the world, however long that takes", async () => {
  const clock = fakeClock();
  const watch = createWatch(clock.now);
  const never = new Promise<never>(() => {});
  void watch.during("file a", (work) => work.outside(() => never));
  await clock.advance(600_000);
  void watch.during("file b", () => never);
  await clock.advance(1_000);

  expect(watch.slowest()).toMatchObject({ what: "file b", outside: false });
});

test("a call that came back from the world counts as a move, whether it went well or not", async () => {
  const clock = fakeClock();
  const watch = createWatch(clock.now);
  const call = Promise.withResolvers<void>();
  void watch.during("file a", async (work) => {
    await work.outside(() => call.promise).catch(() => undefined);
    await new Promise<never>(() => {});
  });
  await clock.advance(60_000);
  call.reject(new Error("reset"));
  await clock.advance(1);

  expect(watch.slowest()).toEqual({ what: "file a", movedAt: "2026-01-01T00:01:00.000Z", outside: false });
});
