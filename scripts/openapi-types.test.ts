import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generatedTypes } from "./openapi-types.mjs";

test("the console's generated types are those of the API as it is; else run node scripts/openapi-types.mjs", async () => {
  const generated = readFileSync(join(import.meta.dirname, "../web/api.generated.ts"), "utf8");

  expect(generated).toBe(await generatedTypes());
});
