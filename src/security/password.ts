import { scrypt, timingSafeEqual } from "node:crypto";

/** `logN` is the exponent of scrypt's cost: memory is 1 KiB × 2^logN with a block size of 8. */
export interface PasswordCost {
  readonly logN: number;
  readonly blockSize: number;
  readonly parallel: number;
}

/** 32 MiB and about a tenth of a second of one core, beside a collection at full speed. Stored with each hash, so it can be raised. */
export const defaultPasswordCost: PasswordCost = { logN: 15, blockSize: 8, parallel: 1 };

/** The shortest password that is taken, in characters. */
export const minPasswordLength = 12;

/** Hashes a password with scrypt: `scrypt$logN$r$p$salt$hash`. `salt` is 16 random bytes. */
export async function hashPassword(password: string, salt: Uint8Array, cost = defaultPasswordCost): Promise<string> {
  const hash = await derive(password, salt, cost);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return ["scrypt", cost.logN, cost.blockSize, cost.parallel, base64(salt), base64(hash)].join("$");
}

/** Whether it is the password of that hash, in constant time. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, logN, blockSize, parallel, salt, hash] = stored.split("$");
  if (scheme !== "scrypt" || salt === undefined || hash === undefined) throw new Error("Unknown password hash");
  const cost = { logN: Number(logN), blockSize: Number(blockSize), parallel: Number(parallel) };
  const expected = Buffer.from(hash, "base64");
  return timingSafeEqual(await derive(password, Buffer.from(salt, "base64"), cost), expected);
}

/** Why a password is refused, as a sentence; undefined where it is good enough. */
export function weaknessOf(password: string, accountName: string): string | undefined {
  const length = [...password].length;
  if (length < minPasswordLength)
    return `The password has ${length} characters; at least ${minPasswordLength} are needed`;
  if (length > 256) return "The password has more than 256 characters";
  if (new Set(password.toLowerCase()).size < 5) return "The password repeats too few characters";
  const name = accountName.toLowerCase();
  if (name.length >= 4 && password.toLowerCase().replaceAll(name, "").length < 8)
    return "The password is little more than the account's name";
  return undefined;
}

function derive(password: string, salt: Uint8Array, cost: PasswordCost): Promise<Buffer> {
  const N = 2 ** cost.logN;
  const options = { N, r: cost.blockSize, p: cost.parallel, maxmem: 256 * N * cost.blockSize };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFC"), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
