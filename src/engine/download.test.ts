import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { download } from "./download.ts";

const bytes = Buffer.from('{"id":"a"}\n{"id":"b"}\n');
const file = { id: "f1", endTime: "2026-01-01T00:00:00Z", size: bytes.length, sha256: hash("sha256", bytes) };
const body = (...chunks: readonly Uint8Array[]) => new Blob(chunks.map((chunk) => Uint8Array.from(chunk))).stream();

test("the whole file comes back when size and hash are those that were listed", async () => {
  const result = await download(body(bytes.subarray(0, 5), bytes.subarray(5)), file);

  expect(Buffer.from(result.bytes)).toEqual(bytes);
  expect(result).toMatchObject({ sha256: file.sha256, verified: true });
});

test("every cut is noticed", async () => {
  for (let length = 0; length < bytes.length; length++) {
    await expect(download(body(bytes.subarray(0, length)), file)).rejects.toMatchObject({ reason: "size_mismatch" });
  }
});

test("more bytes than listed are refused before they are kept", async () => {
  await expect(download(body(bytes, bytes), file)).rejects.toMatchObject({ code: "protocol", reason: "size_mismatch" });
});

test("an altered byte is noticed", async () => {
  const altered = Buffer.from(bytes);
  altered[3]! ^= 1;

  await expect(download(body(altered), file)).rejects.toMatchObject({ code: "protocol", reason: "hash_mismatch" });
});

test("a file without a listed hash is taken as unverified", async () => {
  expect(await download(body(bytes), { ...file, sha256: undefined })).toMatchObject({ verified: false });
});

test("a listing that claims a monstrous size is not believed", async () => {
  await expect(download(body(bytes), { ...file, size: 2 ** 40 })).rejects.toMatchObject({ reason: "file_too_large" });
});
