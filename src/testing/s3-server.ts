// A bucket on loopback: s3rver stores and answers, and what stands before it checks what s3rver does not look at: signature, hashes, clock.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { credentialOf, expectedSignature } from "./aws-signature.ts";

export const BUCKET = "events";
export const REGION = "eu-central-1";
/** The account that s3rver has. */
export const ACCESS_KEY_ID = "S3RVER";
export const SECRET_ACCESS_KEY = "a-secret-of-this-test/0123456789";

const OBJECT = "._S3rver_object";
const SKEW_MS = 900_000;

interface S3rver {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type NewS3rver = new (options: Record<string, unknown>) => S3rver;

export interface ReceivedPut {
  readonly key: string;
  readonly headers: IncomingHttpHeaders;
}

/** An answer in place of the next one. */
export interface Instead {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export const xmlError = (code: string, more = ""): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>About ${code} &amp; more</Message>${more}</Error>`;

/** Close it after the test. */
export async function s3Server() {
  const directory = mkdtempSync(join(tmpdir(), "cistern-s3-"));
  const S3 = createRequire(import.meta.url)("s3rver") as NewS3rver;
  const store = new S3({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET }],
  });
  const behind = `http://127.0.0.1:${(await store.run()).port}`;
  const puts: ReceivedPut[] = [];
  const instead: Instead[] = [];
  const clock = { aheadMs: 0 };

  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat((await incoming.toArray()) as Buffer[]);
    const scripted = instead.shift();
    const refusal = incoming.method === "HEAD" ? undefined : refusalOf(incoming, body, Date.now() + clock.aheadMs);
    if (scripted || refusal) {
      const { status, headers = {}, body: text } = scripted ?? { status: 403, body: refusal! };
      return response.writeHead(status, headers).end(text);
    }
    const answered = await passedOn(behind, incoming, body);
    if (incoming.method === "PUT") puts.push({ key: keyOf(incoming.url), headers: incoming.headers });
    response.writeHead(answered.status, answered.headers).end(answered.body);
  };
  const front = createServer((incoming, response) => void answer(incoming, response));
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  let open = true;
  const stop = async () => {
    if (!open) return;
    open = false;
    front.closeAllConnections();
    await new Promise((resolve) => front.close(resolve));
    await store.close();
  };
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    /** Those that were taken, in order. */
    puts,
    instead,
    clock,
    objects: () => objectsIn(join(directory, BUCKET)),
    stop,
    async close() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const keyOf = (url = "") => decodeURIComponent(url).slice(`/${BUCKET}/`.length);

/** Straight from the disk of s3rver. */
function objectsIn(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(OBJECT));
  return new Map(names.sort().map((name) => [name.slice(0, -OBJECT.length), readFileSync(join(folder, name))]));
}

/** s3rver answers a PUT before all of it is on its disk: the answer is held back until it is. It goes by the clock of this machine. */
async function passedOn(behind: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const ask = async (as: string, content: Buffer | null) => {
    const { connection: _, "transfer-encoding": __, ...passed } = as === method ? headers : {};
    const answer = await request(`${behind}${url}`, {
      method: as as "GET",
      headers: { ...passed, "x-amz-date": new Date().toISOString().replace(/[:-]|\.\d{3}/g, "") },
      body: content,
    });
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
  };
  const answer = await ask(method!, method === "PUT" ? body : null);
  for (let tries = 0; method === "PUT" && answer.status === 200 && tries < 200; tries++)
    if ((await ask("GET", null)).body.equals(body)) break;
  return answer;
}

/** What is wrong with a request, as S3 would say it. */
function refusalOf({ method = "", url = "", headers }: IncomingMessage, body: Buffer, now: number): string | undefined {
  const credential = credentialOf(headers);
  if (!credential) return xmlError("AccessDenied");
  if (credential.accessKeyId !== ACCESS_KEY_ID) return xmlError("InvalidAccessKeyId");
  const stamp = String(headers["x-amz-date"]).replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z");
  if (Math.abs(Date.parse(stamp) - now) > SKEW_MS)
    return xmlError("RequestTimeTooSkewed", `<ServerTime>${new Date(now).toISOString()}</ServerTime>`);
  const unsigned = Object.keys(headers).filter(
    (name) => /^(?:host|content-md5|x-amz-.*)$/.test(name) && !credential.signedHeaders.includes(name),
  );
  const expected = expectedSignature({ method, url, headers }, credential, SECRET_ACCESS_KEY);
  if (unsigned.length > 0 || expected !== credential.signature || credential.region !== REGION)
    return xmlError("SignatureDoesNotMatch", `<CanonicalRequest>${JSON.stringify(headers)}</CanonicalRequest>`);
  return hashRefusal(headers, body);
}

function hashRefusal(headers: IncomingHttpHeaders, body: Buffer): string | undefined {
  const hash = (kind: string, as: "hex" | "base64") => createHash(kind).update(body).digest(as);
  if (headers["x-amz-content-sha256"] !== hash("sha256", "hex")) return xmlError("XAmzContentSHA256Mismatch");
  const [sha256, md5] = [headers["x-amz-checksum-sha256"], headers["content-md5"]];
  if (sha256 === undefined && md5 === undefined) return xmlError("InvalidRequest");
  if (sha256 !== undefined && sha256 !== hash("sha256", "base64")) return xmlError("BadDigest");
  return md5 !== undefined && md5 !== hash("md5", "base64") ? xmlError("BadDigest") : undefined;
}
