import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimKeyFile, readKeyFile } from "./key-file.ts";
import { findSigningKey, takeSigningKey } from "./signing-key.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-signing-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the key is made when first needed, for its owner alone, and stays", () => {
  expect(findSigningKey(folder)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);

  const made = takeSigningKey(folder, randomBytes);

  expect(takeSigningKey(folder, randomBytes).publicKey).toBe(made.publicKey);
  expect(findSigningKey(folder)?.publicKey).toBe(made.publicKey);
  expect(readdirSync(folder)).toEqual(["signing.key"]);
  expect(statSync(join(folder, "signing.key")).mode & 0o777).toBe(0o600);
});

test("of two that make a key file, the first one's stays", () => {
  const path = join(folder, "signing.key");

  expect(claimKeyFile(path, "first")).toBe("first\n");
  expect(claimKeyFile(path, "second")).toBe("first\n");
  expect(readKeyFile(path)).toBe("first\n");
});

test("a damaged file is refused, not replaced", () => {
  writeFileSync(join(folder, "signing.key"), "garbage");

  expect(() => takeSigningKey(folder, randomBytes)).toThrow(
    expect.objectContaining({ reason: "signing_key_malformed" }),
  );
  expect(readKeyFile(join(folder, "signing.key"))).toBe("garbage");
});
