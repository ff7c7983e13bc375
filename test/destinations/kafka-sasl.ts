// The brokers' side of a Kafka sign-in: PLAIN, and SCRAM as RFC 5802 describes it.
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

export interface SaslUser {
  readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
  readonly name: string;
  readonly password: string;
}

const AUTHENTICATION_FAILED = 58;
const UNSUPPORTED_MECHANISM = 33;
const ITERATIONS = 4_096;

export interface SaslServer {
  handshake(mechanism: string): Buffer;
  authenticate(message: Buffer, version: number): Buffer;
  isSignedIn(): boolean;
}

/** For one connection. */
export function saslServer(user: SaslUser): SaslServer {
  const step = user.mechanism === "PLAIN" ? plain(user) : scram(user);
  let signedIn = false;
  return {
    handshake(mechanism) {
      const code = int16(mechanism === user.mechanism ? 0 : UNSUPPORTED_MECHANISM);
      return Buffer.concat([code, Buffer.from([0, 0, 0, 1]), text(user.mechanism)]);
    },
    authenticate(message, version) {
      const { reply, done } = step(message.toString("utf8"));
      signedIn = done;
      const lifetime = Buffer.alloc(version >= 1 ? 8 : 0);
      if (reply === undefined)
        return Buffer.concat([int16(AUTHENTICATION_FAILED), text("Authentication failed"), Buffer.alloc(4), lifetime]);
      const bytes = Buffer.from(reply);
      const length = Buffer.alloc(4);
      length.writeInt32BE(bytes.length);
      return Buffer.concat([int16(0), int16(-1), length, bytes, lifetime]);
    },
    isSignedIn: () => signedIn,
  };
}

interface Step {
  /** Undefined: refused. */
  readonly reply: string | undefined;
  readonly done: boolean;
}

const refused: Step = { reply: undefined, done: false };

const plain =
  ({ name, password }: SaslUser) =>
  (message: string): Step => {
    const [, user, word] = message.split("\0");
    return user === name && word === password ? { reply: "", done: true } : refused;
  };

function scram({ mechanism, name, password }: SaslUser): (message: string) => Step {
  const hash = mechanism === "SCRAM-SHA-256" ? "sha256" : "sha512";
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, hash === "sha256" ? 32 : 64, hash);
  const hmac = (key: Buffer, words: string) => createHmac(hash, key).update(words).digest();
  let first: { readonly bare: string; readonly reply: string } | undefined;
  return (message) => {
    if (first === undefined) {
      const bare = message.replace(/^n,,/, "");
      const [, user, nonce] = /^n=([^,]*),r=([^,]+)/.exec(bare) ?? [];
      first = {
        bare,
        reply: `r=${nonce}${randomBytes(9).toString("hex")},s=${salt.toString("base64")},i=${ITERATIONS}`,
      };
      return user === name ? { reply: first.reply, done: false } : refused;
    }
    const [withoutProof = "", proof = ""] = message.split(",p=");
    const words = `${first.bare},${first.reply},${withoutProof}`;
    const stored = createHash(hash).update(hmac(salted, "Client Key")).digest();
    const key = xor(Buffer.from(proof, "base64"), hmac(stored, words));
    if (!timingSafeEqual(createHash(hash).update(key).digest(), stored)) return refused;
    return { reply: `v=${hmac(hmac(salted, "Server Key"), words).toString("base64")}`, done: true };
  };
}

const xor = (one: Buffer, other: Buffer) => Buffer.from(other.map((byte, index) => byte ^ (one[index] ?? 0)));

function int16(value: number): Buffer {
  const made = Buffer.alloc(2);
  made.writeInt16BE(value);
  return made;
}

const text = (value: string) => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
