// One download: bounded by the size that upstream listed, hashed as it comes, given back only when size and hash are right.
import { createHash } from "node:crypto";
import type { UpstreamFile } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";

export interface Download {
  readonly bytes: Uint8Array;
  /** 64 hex digits. */
  readonly sha256: string;
  /** False where upstream listed no hash to compare with. */
  readonly verified: boolean;
}

/** No file of upstream comes near this (the specification says 15 MB); a listing that claims more is not believed. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Reads the whole body of `file`. Throws `protocol` with reason `size_mismatch` or `hash_mismatch` where the bytes are not
 * those that upstream listed; nothing of them is used then. `onPiece` hears of each piece that came.
 */
export async function download(
  body: ReadableStream<Uint8Array>,
  file: UpstreamFile,
  onPiece: () => void = () => {},
): Promise<Download> {
  if (file.size > MAX_FILE_BYTES) {
    await body.cancel();
    throw mismatch("file_too_large", `The file is listed with ${file.size} bytes, more than Cistern takes`);
  }
  const bytes = new Uint8Array(file.size);
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of body) {
    if (length + chunk.byteLength > file.size) throw wrongSize(file, `more than ${file.size}`);
    bytes.set(chunk, length);
    hash.update(chunk);
    length += chunk.byteLength;
    onPiece();
  }
  if (length !== file.size) throw wrongSize(file, String(length));
  const sha256 = hash.digest("hex");
  if (file.sha256 !== undefined && sha256 !== file.sha256.toLowerCase()) {
    throw mismatch(
      "hash_mismatch",
      `The file's SHA-256 is ${sha256.slice(0, 12)}…, listed as ${file.sha256.slice(0, 12)}…`,
    );
  }
  return { bytes, sha256, verified: file.sha256 !== undefined };
}

function wrongSize(file: UpstreamFile, got: string): CollectorError {
  return mismatch("size_mismatch", `The file has ${got} bytes, listed with ${file.size}`);
}

function mismatch(reason: string, message: string): CollectorError {
  const action = "It is fetched again; if that keeps failing, look for a proxy that alters answers, then ask upstream";
  return new CollectorError("protocol", message, { reason, action });
}
