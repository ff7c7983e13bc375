import { expect, test } from "vitest";
import { recentFrames } from "./recent-frames.ts";

const frames = (...names: readonly string[]) => names.map((name) => Buffer.from(name));
const names = (held: readonly Buffer[]) => held.map(String);

test("the last ones are held, in their order", () => {
  const recent = recentFrames(3);
  recent.keep(frames("a", "b"));
  expect(names(recent.all())).toEqual(["a", "b"]);
  recent.keep(frames("c", "d"));
  expect(names(recent.all())).toEqual(["b", "c", "d"]);
  recent.keep(frames("e", "f", "g", "h"));
  expect(names(recent.all())).toEqual(["f", "g", "h"]);
});

test("none are held where none shall be", () => {
  const recent = recentFrames(0);
  recent.keep(frames("a", "b"));
  expect(recent.all()).toEqual([]);
});

test("no more than 16 MB are held, however few they are", () => {
  const recent = recentFrames(10);
  recent.keep([1, 2, 3].map((fill) => Buffer.alloc(6_000_000, fill)));
  expect(recent.all().map((frame) => frame[0])).toEqual([2, 3]);
  recent.keep([Buffer.alloc(17_000_000)]);
  expect(recent.all()).toEqual([]);
});
