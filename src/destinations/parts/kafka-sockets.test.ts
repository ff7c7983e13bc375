import { expect, test } from "vitest";
import { lengthsWithin } from "./kafka-sockets.ts";

const answer = (bytes: number) => {
  const made = Buffer.alloc(4 + bytes, 0xff);
  made.writeInt32BE(bytes);
  return made;
};

test("answers are followed however they are cut into pieces", () => {
  const stream = Buffer.concat([answer(0), answer(7), answer(100), answer(1)]);

  for (let size = 1; size <= stream.length; size++) {
    const isAnswer = lengthsWithin(100);
    for (let at = 0; at < stream.length; at += size) expect(isAnswer(stream.subarray(at, at + size))).toBe(true);
  }
});

test("a length that cannot be is told as soon as it is whole", () => {
  const isAnswer = lengthsWithin(100);
  const [below, above] = [Buffer.alloc(4, 0xff), answer(101)];

  expect(isAnswer(answer(50))).toBe(true);
  expect(isAnswer(above.subarray(0, 3))).toBe(true);
  expect(isAnswer(above.subarray(3))).toBe(false);
  expect(lengthsWithin(100)(below)).toBe(false);
});
