import { expect, test } from "vitest";
import { Lifetime } from "./lifetime.ts";

test("what was opened last is closed first, and once", async () => {
  const closed: string[] = [];
  const lifetime = new Lifetime();
  for (const name of ["lock", "store", "server"]) lifetime.opened(() => void closed.push(name));

  await lifetime.close();
  await lifetime.close();

  expect(closed).toEqual(["server", "store", "lock"]);
});

test("what fails to close is told after all the others are closed", async () => {
  const closed: string[] = [];
  const lifetime = new Lifetime();
  lifetime.opened(() => void closed.push("lock"));
  lifetime.opened(() => Promise.reject(new Error("the store does not close")));

  await expect(lifetime.close()).rejects.toThrow("the store does not close");
  expect(closed).toEqual(["lock"]);
});

test("the first fault is the one that is told, whatever fails because of it", async () => {
  const lifetime = new Lifetime();
  lifetime.opened(() => Promise.reject(new Error("nobody answers")));
  expect(lifetime.isBroken).toBe(false);

  lifetime.breakOff(new Error("the store has ended"));
  lifetime.breakOff(new Error("the engine has ended"));

  await lifetime.broken;
  expect(lifetime.isBroken).toBe(true);
  await expect(lifetime.close()).rejects.toThrow("the store has ended");
});
