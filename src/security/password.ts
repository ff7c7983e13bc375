import { argon2, timingSafeEqual } from "node:crypto";

/** Cost of Argon2id: memory in KiB, passes over it, lanes. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's smallest recommended setting for Argon2id: 19 MiB, two passes, one lane. Stored with each hash, so it can be raised. */
export const defaultPasswordCost: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** The shortest password that is taken, in characters. */
export const minPasswordLength = 12;

/** Hashes a password with Argon2id: `argon2id$memory$passes$lanes$salt$hash`. `salt` is 16 random bytes. */
export async function hashPassword(password: string, salt: Uint8Array, cost = defaultPasswordCost): Promise<string> {
  const hash = await derive(password, salt, cost);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return ["argon2id", cost.memoryKib, cost.passes, cost.lanes, base64(salt), base64(hash)].join("$");
}

/** Whether it is the password of that hash, in constant time. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, memory, passes, lanes, salt, hash] = stored.split("$");
  if (scheme !== "argon2id" || salt === undefined || hash === undefined) throw new Error("Unknown password hash");
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
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

function derive(password: string, salt: Uint8Array, { memoryKib, passes, lanes }: PasswordCost): Promise<Buffer> {
  const message = Buffer.from(password.normalize("NFC"));
  const options = { message, nonce: salt, parallelism: lanes, tagLength: 32, memory: memoryKib, passes };
  return new Promise((resolve, reject) => {
    argon2("argon2id", options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
