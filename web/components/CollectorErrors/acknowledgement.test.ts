import { expect, test } from "vitest";
import type { CollectorErrorRow } from "../../api-types.ts";
import { acknowledgement } from "./acknowledgement.ts";

const anError = (error: Partial<CollectorErrorRow>) =>
  acknowledgement({ acknowledged: false, ...error } as CollectorErrorRow);

test("gaps, lines and files can be acknowledged, a connection only mended", () => {
  expect(anError({ type: "gap", id: 7 })).toEqual({ gap: 7 });
  expect(anError({ type: "line", id: 3, fileId: "f" })).toEqual({ quarantined: 3 });
  expect(anError({ type: "file", fileId: "f" })).toEqual({ file: "f" });
  expect(anError({ type: "connection" })).toBeUndefined();
  expect(anError({ type: "gap", id: 7, acknowledged: true })).toBeUndefined();
});
