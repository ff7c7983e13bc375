import { expect, test } from "vitest";
import { flagMeaning } from "./flags.ts";

test("every flag of a stored event has a name and a meaning", () => {
  for (const flag of ["syntheticId", "notUtf8", "zoneApplied", "ambiguousTime", "synthetic_id", "not-utf8"]) {
    expect(flagMeaning(flag).name, flag).not.toBe(flag);
  }
});

test("an unknown flag is shown by its own name", () => {
  expect(flagMeaning("newFlag").name).toBe("newFlag");
});
