// Tokens are cistern_<kind>_<id>_<secret>_<crc>: a prefix that secret scanners know, an id for the look-up, 256 random bits,
// and a check sum that tells a mistyped token from an unknown one without a look-up.
import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

export type TokenKind = "api" | "setup" | "invitation";

export interface TokenText {
  readonly kind: TokenKind;
  /** 16 characters of lower-case base 36. */
  readonly id: string;
  readonly text: string;
}

const shape = /^cistern_(api|setup|invitation)_([0-9a-z]{16})_([0-9A-Za-z]{43})_([0-9a-f]{8})$/;
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A new token with the id given. */
export function newToken(kind: TokenKind, id: string, randomBytes: (count: number) => Uint8Array): TokenText {
  const body = `cistern_${kind}_${id}_${base62(randomBytes(32))}`;
  return { kind, id, text: `${body}_${checkSum(body)}` };
}

/** The parts of a token's text; undefined where it is none, or mistyped. */
export function parseToken(text: string): TokenText | undefined {
  const parts = shape.exec(text);
  if (parts === null || checkSum(text.slice(0, -9)) !== parts[4]) return undefined;
  return { kind: parts[1] as TokenKind, id: parts[2]!, text };
}

/** What is stored of a token or session. Their secrets have 256 random bits, so a fast hash is enough. */
export const secretHash = (text: string): Uint8Array => createHash("sha256").update(text, "utf8").digest();

/** Whether the text has that hash, in constant time. */
export const matchesHash = (text: string, hash: Uint8Array): boolean => {
  const own = secretHash(text);
  return own.length === hash.length && timingSafeEqual(own, hash);
};

const checkSum = (body: string) => crc32(body).toString(16).padStart(8, "0");

function base62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let i = 0; i < 43; i++) {
    text = digits[Number(value % 62n)]! + text;
    value /= 62n;
  }
  return text;
}
