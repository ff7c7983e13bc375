// Exabeam's webhook cloud collector on loopback, as strict as its documentation and its own tools let one expect.
import { gunzipSync } from "node:zlib";
import { elementTexts } from "./array-texts.ts";
import { type LoopbackAnswer, type LoopbackRequest, loopbackServer } from "./loopback-server.ts";

const LARGEST_BATCH = 32_000_000;
const TYPES = { json: ["application/json"], raw: ["text/plain"] } as const;

export interface ExabeamOptions {
  /** What the webhook collector was made with. */
  readonly token: string;
  /** Tokens that are known there, and may not write. */
  readonly forbidden?: readonly string[];
}

export interface TakenBatch {
  readonly headers: LoopbackRequest["headers"];
  /** Of the body over the wire, and before compression. */
  readonly bytes: { readonly sent: number; readonly plain: number };
  readonly logs: readonly string[];
}

/** `state.answer` answers in its place while it is set, without taking anything. */
export async function exabeamReceiver(options: ExabeamOptions) {
  const taken: TakenBatch[] = [];
  const state: { answer: LoopbackAnswer | undefined } = { answer: undefined };
  const server = await loopbackServer((request) => {
    const judged = state.answer ?? judge(request, options);
    if ("status" in judged) return judged;
    taken.push(judged);
    return { status: 200, body: "" };
  });
  return { ...server, taken, state, logs: () => taken.flatMap(({ logs }) => logs) };
}

const refuse = (status: number, body: string): LoopbackAnswer => ({
  status,
  body,
  headers: { "content-type": "text/plain" },
});

function judge(request: LoopbackRequest, options: ExabeamOptions): LoopbackAnswer | TakenBatch {
  const { method, url, headers } = request;
  const form = /^\/cloud-collectors\/v1\/logs\/(json|raw)$/.exec(url.pathname)?.[1] as keyof typeof TYPES | undefined;
  if (form === undefined) return refuse(404, "no such route");
  if (method !== "POST") return refuse(405, "method not allowed");
  const stranger = refuseToken(headers.authorization, options);
  if (stranger !== undefined) return stranger;
  const compressed = headers["content-encoding"] === "gzip";
  const types: readonly string[] = compressed ? [...TYPES[form], "application/gzip"] : TYPES[form];
  if (!types.includes((headers["content-type"] ?? "").split(";")[0]!)) return refuse(415, "unsupported media type");
  const text = plainText(request);
  if (typeof text !== "string") return text;
  const logs = form === "json" ? objectsIn(text) : linesIn(text);
  if (logs === undefined)
    return refuse(400, form === "json" ? "expected an array of objects" : "expected lines of text");
  return { headers, bytes: { sent: request.body.length, plain: Buffer.byteLength(text) }, logs };
}

function refuseToken(authorization: string | undefined, { token, forbidden = [] }: ExabeamOptions) {
  if (authorization === undefined) return refuse(401, "Jwt is missing");
  const [, given] = /^Bearer (\S+)$/.exec(authorization) ?? [];
  if (given !== undefined && forbidden.includes(given)) return refuse(403, "RBAC: access denied");
  return given === token ? undefined : refuse(401, "Jwt issuer is not configured");
}

function plainText({ headers, body }: LoopbackRequest): string | LoopbackAnswer {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") return refuse(415, "unsupported encoding");
  try {
    const plain = encoding === "gzip" ? gunzipSync(body, { maxOutputLength: LARGEST_BATCH }) : body;
    return plain.length > LARGEST_BATCH ? refuse(413, "batch too large") : plain.toString("utf8");
  } catch (error) {
    const isLarge = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    return isLarge ? refuse(413, "batch too large") : refuse(400, "broken gzip");
  }
}

function objectsIn(text: string): readonly string[] | undefined {
  const elements = elementTexts(text);
  return elements?.length && elements.every((element) => element.startsWith("{")) ? elements : undefined;
}

function linesIn(text: string): readonly string[] | undefined {
  const lines = text.replace(/\n$/, "").split("\n");
  return lines.every((line) => line.trim() !== "") ? lines : undefined;
}
