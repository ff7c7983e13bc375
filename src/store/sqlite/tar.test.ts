import { expect, test } from "vitest";
import { tarHeader, tarPadding } from "./tar.ts";

test("a size beyond eleven octal digits is written as a binary number", () => {
  expect(tarHeader("a", 8 ** 11 - 1).toString("latin1", 124, 136)).toBe("77777777777\0");
  const header = tarHeader("a", 8 ** 11);
  expect(header[124]).toBe(0x80);
  expect(header.readBigUInt64BE(128)).toBe(8n ** 11n);
});

test("files end at a block of 512 bytes", () => {
  expect([0, 1, 511, 512, 513].map((size) => tarPadding(size).length)).toEqual([0, 511, 1, 0, 511]);
});
