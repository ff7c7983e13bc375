// A receiver of OTLP/HTTP logs on loopback. It is stricter than the protocol asks of receivers: what is not in the documented shape is
// refused rather than ignored, so that nothing of ours gets through by leniency.
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { type LoopbackAnswer, type LoopbackRequest, loopbackServer } from "./loopback-server.ts";

/** 20 MiB, what the protocol recommends. */
const LARGEST_BODY = 20 * 1_024 * 1_024;
const LARGEST_UINT64 = 2n ** 64n - 1n;
const LARGEST_INT64 = 2n ** 63n - 1n;

const text = z.string().refine((value) => value.isWellFormed(), { error: "invalid UTF-8" });
const uint64 = z
  .string()
  .regex(/^\d{1,20}$/)
  .refine((value) => BigInt(value) <= LARGEST_UINT64);
const int64 = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .refine((value) => BigInt(value) <= LARGEST_INT64 && BigInt(value) >= -LARGEST_INT64 - 1n);
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`));

const AnyValue: z.ZodType = z.union([
  z.strictObject({ stringValue: text }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: int64 }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ bytesValue: z.base64() }),
  z.strictObject({ arrayValue: z.strictObject({ values: z.array(z.lazy(() => AnyValue)) }) }),
  z.strictObject({ kvlistValue: z.strictObject({ values: z.lazy(() => Attributes) }) }),
]);
const Attributes = z
  .array(z.strictObject({ key: text.min(1), value: AnyValue }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, { error: "attribute keys are not unique" });

const LogRecord = z.strictObject({
  timeUnixNano: uint64.optional(),
  observedTimeUnixNano: uint64.optional(),
  severityNumber: z.int().min(0).max(24).optional(),
  severityText: text.optional(),
  eventName: text.optional(),
  body: AnyValue.optional(),
  attributes: Attributes.optional(),
  droppedAttributesCount: z.int().nonnegative().optional(),
  flags: z.int().nonnegative().optional(),
  traceId: hex(16).optional(),
  spanId: hex(8).optional(),
});
const ScopeLogs = z.strictObject({
  scope: z
    .strictObject({ name: text.optional(), version: text.optional(), attributes: Attributes.optional() })
    .optional(),
  schemaUrl: z.url().optional(),
  logRecords: z.array(LogRecord),
});
const Resource = z.strictObject({ attributes: Attributes.optional() });
const LogsRequest = z.strictObject({
  resourceLogs: z.array(
    z.strictObject({ resource: Resource.optional(), schemaUrl: z.url().optional(), scopeLogs: z.array(ScopeLogs) }),
  ),
});

export type TakenRecord = z.infer<typeof LogRecord>;

export interface OtlpOptions {
  /** What the header `authorization` has to be. */
  readonly authorization?: string;
}

/** `state.drops` says which records it drops after having taken the rest; `state.answer` answers in its place while it is set. */
export async function otlpReceiver({ authorization }: OtlpOptions = {}) {
  const taken: TakenRecord[] = [];
  const requests: { readonly headers: LoopbackRequest["headers"]; readonly text: string }[] = [];
  const state: { answer?: LoopbackAnswer | undefined; drops?: ((record: TakenRecord) => boolean) | undefined } = {};
  const server = await loopbackServer((request) => {
    if (request.url.pathname !== "/v1/logs") return statusAnswer(404, "no such path");
    if (request.method !== "POST") return statusAnswer(405, "only POST");
    if (authorization !== undefined && request.headers.authorization !== authorization)
      return statusAnswer(401, "missing or wrong credentials");
    if (state.answer !== undefined) return state.answer;
    const body = plainText(request);
    if (typeof body !== "string") return body;
    const records = recordsIn(body);
    if (typeof records === "string") return statusAnswer(400, records);
    requests.push({ headers: request.headers, text: body });
    const kept = records.filter((record) => !state.drops?.(record));
    taken.push(...kept);
    return success(records.length - kept.length);
  });
  return { ...server, taken, requests, state };
}

/** The text of an attribute; undefined where it is not there. */
export function attributeOf({ attributes = [] }: TakenRecord, key: string): string | undefined {
  return (attributes.find((attribute) => attribute.key === key)?.value as { stringValue?: string })?.stringValue;
}

const statusAnswer = (status: number, message: string): LoopbackAnswer => ({
  status,
  body: JSON.stringify({ code: 3, message }),
});

const success = (dropped: number): LoopbackAnswer => ({
  status: 200,
  body: JSON.stringify(
    dropped === 0 ? {} : { partialSuccess: { rejectedLogRecords: String(dropped), errorMessage: "older than a week" } },
  ),
});

function plainText({ headers, body }: LoopbackRequest): string | LoopbackAnswer {
  if (!/^application\/json(;|$)/.test(headers["content-type"] ?? "")) return statusAnswer(415, "not application/json");
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") return statusAnswer(415, "unsupported encoding");
  try {
    const plain = encoding === "gzip" ? gunzipSync(body, { maxOutputLength: LARGEST_BODY }) : body;
    if (plain.length > LARGEST_BODY) return statusAnswer(413, "request body too large");
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch (error) {
    const isLarge = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    return isLarge ? statusAnswer(413, "request body too large") : statusAnswer(400, "body cannot be read");
  }
}

/** The log records, or what is wrong. */
function recordsIn(body: string): readonly TakenRecord[] | string {
  try {
    const { resourceLogs } = LogsRequest.parse(JSON.parse(body));
    return resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  } catch (error) {
    return error instanceof z.ZodError ? z.prettifyError(error) : "not JSON";
  }
}
