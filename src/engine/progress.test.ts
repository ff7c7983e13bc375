import { expect, test } from "vitest";
import type { Store } from "../model/store.ts";
import { fakeClock } from "../testing/fake-clock.ts";
import { createProgress } from "./progress.ts";

const PATIENCE_MS = 120_000;

/** A store that takes everything, watched, and whether the data source counts as stuck by now. */
function watched({ paused = () => false }: { readonly paused?: () => boolean } = {}) {
  const clock = fakeClock();
  const stop = new AbortController();
  const taken = async () => undefined;
  const store = { recordListing: taken, commitFile: taken, failFile: taken, state: taken } as unknown as Store;
  const progress = createProgress(store, { sleep: clock.sleep, signal: stop.signal });
  let ended: boolean | undefined;
  void progress.stuck(PATIENCE_MS, paused).then((stuck) => {
    ended = stuck;
  });
  const fileFailed = (code: string, state = "pending") =>
    (progress.store.failFile as (...args: unknown[]) => Promise<void>)({}, {}, "f", { state, error: { code } });
  const commit = () => (progress.store.commitFile as () => Promise<unknown>)();
  const listing = () => (progress.store.recordListing as () => Promise<unknown>)();
  return { ...progress, clock, stop, fileFailed, commit, listing, ended: () => ended };
}

test("looks that fail for as long as it was to be waited for", async () => {
  const { clock, lookFailed, ended } = watched();
  await clock.advance(10 * PATIENCE_MS);
  lookFailed();

  await clock.advance(PATIENCE_MS - 1_000);
  lookFailed();
  expect(ended()).toBeUndefined();
  await clock.advance(1_000);

  expect(ended()).toBe(true);
});

test("files that fail, although lists go well meanwhile", async () => {
  const { clock, fileFailed, listing, ended } = watched();
  await fileFailed("unavailable");

  for (let minute = 0; minute < 2; minute++) {
    await clock.advance(60_000);
    await listing();
  }

  expect(ended()).toBe(true);
});

test("a list that comes, and a file that is collected, begin the wait anew", async () => {
  const { clock, lookFailed, listing, fileFailed, commit, ended } = watched();
  lookFailed();
  await clock.advance(PATIENCE_MS - 1_000);
  await listing();
  await clock.advance(PATIENCE_MS);
  await fileFailed("unavailable");
  await clock.advance(PATIENCE_MS - 1_000);
  await commit();
  lookFailed();

  await clock.advance(PATIENCE_MS - 1_000);
  expect(ended()).toBeUndefined();
  await clock.advance(1_000);

  expect(ended()).toBe(true);
});

test("what is refused for good comes to an end of its own, and is waited for", async () => {
  const { clock, fileFailed, ended } = watched();
  await fileFailed("protocol");
  await fileFailed("rate_limited");
  await clock.advance(10 * PATIENCE_MS);

  expect(ended()).toBeUndefined();
});

test("a disk that stays full", async () => {
  const { clock, ended } = watched({ paused: () => true });

  await clock.advance(PATIENCE_MS + 1_000);

  expect(ended()).toBe(true);
});

test("a stop is no verdict", async () => {
  const { clock, stop, lookFailed, ended } = watched();
  lookFailed();
  stop.abort();
  await clock.advance(1_000);

  expect(ended()).toBe(false);
});
