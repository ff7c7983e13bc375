import { join } from "node:path";
import { newSigningKey, parseSigningKey, type SigningKey } from "../security/signing.ts";
import { claimKeyFile, readKeyFile } from "./key-file.ts";

/** Name of the file with the key that signs completeness reports. */
export const SIGNING_KEY = "signing.key";

/** The key of a data dir; undefined where none was needed yet. Throws `config_invalid` where the file holds none. */
export function findSigningKey(dataDir: string): SigningKey | undefined {
  const pem = readKeyFile(join(dataDir, SIGNING_KEY));
  return pem === undefined ? undefined : parseSigningKey(pem);
}

/** The same, made now where there was none: of two processes that make one, both have the same in the end. */
export function takeSigningKey(dataDir: string, randomBytes: (count: number) => Uint8Array): SigningKey {
  return (
    findSigningKey(dataDir) ?? parseSigningKey(claimKeyFile(join(dataDir, SIGNING_KEY), newSigningKey(randomBytes).pem))
  );
}
