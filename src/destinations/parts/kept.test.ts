import { expect, test } from "vitest";
import { CollectorError } from "../../model/errors.ts";
import { systemSeams } from "../../testing/system-seams.ts";
import { kept } from "./kept.ts";

const limits = (signal = new AbortController().signal, ms = 5_000) => ({
  ms,
  late: () => new CollectorError("unavailable", "too late"),
  signal,
  sleep: systemSeams.sleep,
});

/** Connections that are numbered, and what has become of them. */
function numbered(openIt: (signal: AbortSignal) => Promise<unknown> = async () => undefined) {
  const ended: number[] = [];
  const dead = new Set<number>();
  let opened = 0;
  const connection = kept<number>({
    async open(signal) {
      const number = ++opened;
      await openIt(signal);
      return number;
    },
    isAlive: (number) => !dead.has(number),
    end: async (number) => void ended.push(number),
  });
  return { connection, ended, dead };
}

test("is made once and kept; one that has died is replaced before it is used", async () => {
  const { connection, ended, dead } = numbered();
  const number = () => connection.use(limits(), async (one) => one);

  expect([await number(), await number()]).toEqual([1, 1]);
  dead.add(1);
  expect(await number()).toBe(2);
  expect(ended).toEqual([1]);
});

test("work that fails takes the connection with it", async () => {
  const { connection, ended } = numbered();
  const failure = new Error("broken");

  await expect(connection.use(limits(), () => Promise.reject(failure))).rejects.toBe(failure);

  expect(ended).toEqual([1]);
  expect(await connection.use(limits(), async (one) => one)).toBe(2);
});

test("what takes too long, or is aborted while it opens, is let go at once", async () => {
  const { connection } = numbered((signal) => new Promise((_, reject) => signal.addEventListener("abort", reject)));
  const stop = new AbortController();
  const aborted = connection.use(limits(stop.signal), async (one) => one);
  stop.abort(new Error("stopped"));

  await expect(aborted).rejects.toBe(stop.signal.reason);
  await expect(connection.use(limits(undefined, 20), async (one) => one)).rejects.toMatchObject({
    message: "too late",
  });
  await connection.close();
});

test("closing ends it, waits until it has ended, and makes no new one", async () => {
  const { connection, ended } = numbered();
  await connection.use(limits(), async (one) => one);

  await connection.close();
  await connection.close();

  expect(ended).toEqual([1]);
  await expect(connection.use(limits(), async (one) => one)).rejects.toMatchObject({ code: "unavailable" });
});
