// Microsoft Entra ID and the Logs Ingestion API on loopback, as documented by Microsoft: one tenant, one application, one data
// collection rule. What it does not know it refuses; what the service drops or cuts without a word, this drops and cuts too.
import { bearerOf, formOf, isDeclared, isObject, jsonAnswer, ownTokens, parsed } from "./cloud-tokens.ts";
import { type LoopbackAnswer, type LoopbackRequest, loopbackServer, plainBody } from "./loopback-server.ts";

const CALL_LIMIT = 1_000_000;
const FIELD_LIMIT = 65_536;
const TOKEN_LIFETIME_S = 3_599;
const AUDIENCE = "https://monitor.azure.com";

type Row = Readonly<Record<string, unknown>>;
type ColumnType = "string" | "datetime" | "boolean" | "long";

/** Each works from the next request on. */
export interface SentinelFaults {
  /** So many good tokens are refused with 401, as when keys are rolled. */
  tokensRefused: number;
  /** The application has not got its role, or not yet. */
  roleMissing: boolean;
  /** So many calls are answered 429 with this Retry-After. */
  throttled: number;
  retryAfter: string | undefined;
  /** So many calls are answered with this status. */
  failing: number;
  failingStatus: number;
  /** What Entra ID says to every request for a token. */
  signIn: { readonly status: number; readonly code: string } | undefined;
}

export type SentinelSimulator = Awaited<ReturnType<typeof sentinelSimulator>>;

/** `columns`: what the rule declares for its stream. */
export async function sentinelSimulator(columns: Readonly<Record<string, ColumnType>>) {
  const identity = {
    tenantId: "7d0c1c4a-3a55-4d5e-9a30-0f2b7b1f6d01",
    clientId: "2f6b7a10-54c1-4f0e-8a67-9d3f8f1f0c02",
    clientSecret: "made-up~client.secret-of-the-simulator",
    dcrId: "dcr-0123456789abcdef0123456789abcdef",
    stream: "Custom-Cistern_CL",
  };
  const faults: SentinelFaults = {
    tokensRefused: 0,
    roleMissing: false,
    throttled: 0,
    retryAfter: undefined,
    failing: 0,
    failingStatus: 500,
    signIn: undefined,
  };
  const seen = { rows: [] as Row[], dropped: new Set<string>(), cut: 0, calls: 0, tokens: 0, aheadMs: 0, largest: 0 };
  const tokens = ownTokens(`key of ${identity.tenantId}`);
  const nowS = () => Math.floor((Date.now() + seen.aheadMs) / 1_000);

  function issueToken(request: LoopbackRequest): LoopbackAnswer {
    const form = formOf(request);
    if (faults.signIn) return entraError(faults.signIn.status, "invalid_request", faults.signIn.code);
    if (request.method !== "POST" || form === undefined) return entraError(400, "invalid_request", "AADSTS900144");
    if (form.get("grant_type") !== "client_credentials")
      return entraError(400, "unsupported_grant_type", "AADSTS70003");
    if (form.get("client_id") !== identity.clientId) return entraError(400, "unauthorized_client", "AADSTS700016");
    if (form.get("client_secret") !== identity.clientSecret) return entraError(401, "invalid_client", "AADSTS7000215");
    const [, audience] = /^(https:\/\/.+)\/\.default$/.exec(form.get("scope") ?? "") ?? [];
    if (audience === undefined) return entraError(400, "invalid_scope", "AADSTS70011");
    seen.tokens++;
    const access_token = tokens.issue({ aud: audience, exp: nowS() + TOKEN_LIFETIME_S, jti: seen.tokens });
    return jsonAnswer(200, { token_type: "Bearer", expires_in: TOKEN_LIFETIME_S, access_token });
  }

  function refusalOf(request: LoopbackRequest): LoopbackAnswer | undefined {
    const claims = tokens.read(bearerOf(request));
    if (claims === undefined || claims.exp <= nowS()) return ingestError(401, "InvalidToken");
    if (claims.aud.replace(/\/$/, "") !== AUDIENCE) return ingestError(401, "InvalidTokenAudience");
    if (faults.tokensRefused > 0 && faults.tokensRefused--) return ingestError(401, "InvalidToken");
    const [, rule, stream] = /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/.exec(request.url.pathname) ?? [];
    if (request.url.searchParams.get("api-version") !== "2023-01-01") return ingestError(400, "UnsupportedApiVersion");
    if (rule !== identity.dcrId) return ingestError(404, "NotFound", "Data collection rule not found");
    if (faults.roleMissing) return ingestError(403, "OperationFailed", NO_ACCESS);
    if (stream !== identity.stream) return ingestError(400, "InvalidStream", "The rule has no such stream");
    if (faults.throttled > 0 && faults.throttled--)
      return ingestError(
        429,
        "TooManyRequests",
        "Slow down",
        faults.retryAfter ? { "retry-after": faults.retryAfter } : {},
      );
    return faults.failing > 0 && faults.failing-- ? ingestError(faults.failingStatus, "ServerError") : undefined;
  }

  function ingest(request: LoopbackRequest): LoopbackAnswer {
    seen.calls++;
    const refusal = refusalOf(request);
    if (refusal) return refusal;
    if (!isDeclared(request.headers["content-type"], "application/json"))
      return ingestError(415, "UnsupportedMediaType");
    const plain = plainBody(request);
    if (plain === undefined) return ingestError(400, "InvalidPayload", "The content is not gzip");
    if (Math.max(Buffer.byteLength(plain), request.body.length) > CALL_LIMIT)
      return ingestError(413, "ContentLengthLimitExceeded");
    seen.largest = Math.max(seen.largest, Buffer.byteLength(plain));
    const rows = parsed(plain);
    if (!Array.isArray(rows) || !rows.every(isObject))
      return ingestError(400, "InvalidPayload", "Not an array of objects");
    seen.rows.push(...rows.map(stored));
    return { status: 204 };
  }

  /** As it arrives in the table: what is not declared, or of another type, is gone; what is too long has lost its end. */
  function stored(row: Row): Row {
    const kept: [string, unknown][] = [];
    for (const [name, value] of Object.entries(row)) {
      const type = Object.hasOwn(columns, name) ? columns[name] : undefined;
      if (type === undefined || !isOf(type, value)) seen.dropped.add(name);
      else kept.push([name, shortened(value)]);
    }
    return Object.fromEntries(kept);
  }

  function shortened(value: unknown): unknown {
    if (typeof value !== "string" || Buffer.byteLength(value) <= FIELD_LIMIT) return value;
    seen.cut++;
    return Buffer.from(value).toString("utf8", 0, FIELD_LIMIT);
  }

  const service = await loopbackServer((request) => {
    const [, tenant] = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(request.url.pathname) ?? [];
    if (tenant === undefined) return ingest(request);
    return tenant === identity.tenantId ? issueToken(request) : entraError(400, "invalid_request", "AADSTS90002");
  });
  return { ...service, ...identity, faults, seen };
}

const NO_ACCESS = "The token has no access to ingest data for the data collection rule";

const entraError = (status: number, error: string, code: string) =>
  jsonAnswer(status, {
    error,
    error_description: `${code}: refused by the simulator.`,
    error_codes: [Number(code.slice(6))],
  });

const ingestError = (status: number, code: string, message = code, headers: Readonly<Record<string, string>> = {}) =>
  jsonAnswer(status, { error: { code, message } }, { "x-ms-error-code": code, ...headers });

function isOf(type: ColumnType, value: unknown): boolean {
  if (type === "boolean") return typeof value === "boolean";
  if (type === "long") return Number.isSafeInteger(value);
  return typeof value === "string" && (type === "string" || !Number.isNaN(Date.parse(value)));
}
