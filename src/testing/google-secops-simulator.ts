// Google's token endpoint and logs:import of the Chronicle API on loopback, as documented by Google: one service account, one instance.
// Signatures are verified by node:crypto. A body is read as Google reads JSON for protocol buffers: both spellings of a name, and no
// name that is not known.
import { createHash, generateKeyPairSync, verify } from "node:crypto";
import { bearerOf, decoded, formOf, isDeclared, isObject, jsonAnswer, ownTokens, parsed } from "./cloud-tokens.ts";
import { type LoopbackAnswer, type LoopbackRequest, loopbackServer } from "./loopback-server.ts";

const REQUEST_LIMIT = 4_194_304;
const TOKEN_LIFETIME_S = 3_599;
const NEEDED_SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

export interface ImportedLog {
  readonly text: string;
  readonly entryTime: string;
  readonly collectionTime: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** Each works from the next request on. */
export interface SecopsFaults {
  tokensRefused: number;
  /** So many imports are answered 429, with this Retry-After where there is one. */
  throttled: number;
  retryAfter: string | undefined;
  /** So many imports are answered with this error. */
  failing: number;
  failure: { readonly code: number; readonly status: string; readonly message: string; readonly field?: string };
  /** Logs with this text make their whole batch invalid. */
  poison: string | undefined;
  /** What a batch that came before is answered. */
  repeated: "taken" | "already_exists";
  permissionMissing: boolean;
}

export type SecopsSimulator = Awaited<ReturnType<typeof googleSecopsSimulator>>;

// Made once, because it takes a while.
let keys: ReturnType<typeof newKeys> | undefined;
const newKeys = () => generateKeyPairSync("rsa", { modulusLength: 2_048 });

export async function googleSecopsSimulator() {
  keys ??= newKeys();
  const { publicKey, privateKey } = keys;
  const identity = {
    project: "secops-simulated",
    location: "eu",
    instance: "0b1d4c2e-8a3f-4122-9344-55aa9f1c2e3a",
    forwarder: "5aa9f1c2-e3a0-4b1d-8c2e-8a3f11223344",
    logType: "CHATGPT_AUDIT_LOG",
    email: "cistern@secops-simulated.iam.gserviceaccount.com",
    keyId: "0123456789abcdef0123456789abcdef01234567",
  };
  const instance = `projects/${identity.project}/locations/${identity.location}/instances/${identity.instance}`;
  const faults: SecopsFaults = {
    tokensRefused: 0,
    throttled: 0,
    retryAfter: undefined,
    failing: 0,
    failure: { code: 500, status: "INTERNAL", message: "Internal error encountered." },
    poison: undefined,
    repeated: "taken",
    permissionMissing: false,
  };
  const seen = { logs: [] as ImportedLog[], imports: 0, tokens: 0, aheadMs: 0, largest: 0 };
  const batches = new Set<string>();
  const tokens = ownTokens(`key of ${identity.project}`);
  const nowS = () => Math.floor((Date.now() + seen.aheadMs) / 1_000);

  function issueToken(request: LoopbackRequest): LoopbackAnswer {
    const form = formOf(request);
    if (form?.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer")
      return oauthError("unsupported_grant_type", "Invalid grant_type");
    const statement = statementIn(form.get("assertion") ?? "");
    if (typeof statement === "string") return oauthError("invalid_grant", statement);
    seen.tokens++;
    const access_token = tokens.issue({ aud: statement.scope, exp: nowS() + TOKEN_LIFETIME_S, jti: seen.tokens });
    return jsonAnswer(200, { access_token, expires_in: TOKEN_LIFETIME_S, token_type: "Bearer" });
  }

  /** What the assertion asks for, or what is wrong with it. */
  function statementIn(assertion: string): { readonly scope: string } | string {
    const [head = "", body = "", signature = ""] = assertion.split(".");
    const [header, claims] = [decoded(head), decoded(body)];
    if (!isObject(header) || !isObject(claims)) return "Bad Request";
    if (header.alg !== "RS256" || header.kid !== identity.keyId) return "Invalid JWT Signature.";
    const signed = Buffer.from(`${head}.${body}`);
    if (!verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))) return "Invalid JWT Signature.";
    if (claims.iss !== identity.email) return "Invalid grant: account not found";
    if (claims.aud !== `${service.url}/token`) return "Invalid JWT: Failed audience check.";
    const [iat, exp] = [Number(claims.iat), Number(claims.exp)];
    if (!(exp > nowS() && exp - iat <= 3_600 && iat <= nowS() + 300))
      return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
    return typeof claims.scope === "string"
      ? { scope: claims.scope }
      : "Invalid OAuth scope or ID token audience provided.";
  }

  function refusalOf(request: LoopbackRequest): LoopbackAnswer | undefined {
    const claims = tokens.read(bearerOf(request));
    if (claims === undefined || claims.exp <= nowS()) return apiError(401, "UNAUTHENTICATED", "Invalid credentials.");
    if (faults.tokensRefused > 0 && faults.tokensRefused--)
      return apiError(401, "UNAUTHENTICATED", "Invalid credentials.");
    if (!claims.aud.split(" ").includes(NEEDED_SCOPE))
      return apiError(403, "PERMISSION_DENIED", "Insufficient scopes.");
    if (faults.permissionMissing) return apiError(403, "PERMISSION_DENIED", "chronicle.logs.import denied.");
    const [, parent, logType] = /^\/v1alpha\/(.+)\/logTypes\/([^/]+)\/logs:import$/.exec(request.url.pathname) ?? [];
    if (request.method !== "POST" || parent !== instance) return apiError(404, "NOT_FOUND", "Not found.");
    if (logType !== identity.logType) return apiError(400, "INVALID_ARGUMENT", "Unknown log type.", "parent");
    if (faults.throttled > 0 && faults.throttled--) {
      const headers = faults.retryAfter ? { "retry-after": faults.retryAfter } : {};
      return { ...apiError(429, "RESOURCE_EXHAUSTED", "Burst limit reached."), headers };
    }
    const { code, status, message, field } = faults.failure;
    return faults.failing > 0 && faults.failing-- ? apiError(code, status, message, field) : undefined;
  }

  function importLogs(request: LoopbackRequest): LoopbackAnswer {
    seen.imports++;
    const refusal = refusalOf(request);
    if (refusal) return refusal;
    if (request.body.length > REQUEST_LIMIT)
      return apiError(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 4194304 bytes.");
    if (!isDeclared(request.headers["content-type"], "application/json"))
      return apiError(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
    seen.largest = Math.max(seen.largest, request.body.length);
    const read = importIn(parsed(request.body.toString("utf8")), `${instance}/forwarders/${identity.forwarder}`);
    if ("fault" in read) return apiError(400, "INVALID_ARGUMENT", read.fault, read.field);
    if (read.logs.some(({ text }) => faults.poison !== undefined && text.includes(faults.poison)))
      return apiError(400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
    return keep(request.body, read.logs);
  }

  function keep(body: Buffer, logs: readonly ImportedLog[]): LoopbackAnswer {
    const batch = createHash("sha256").update(body).digest("hex");
    if (batches.has(batch))
      return faults.repeated === "taken" ? jsonAnswer(200, {}) : apiError(409, "ALREADY_EXISTS", "Duplicate batch.");
    batches.add(batch);
    seen.logs.push(...logs);
    return jsonAnswer(200, {});
  }

  const service = await loopbackServer((request) =>
    request.url.pathname === "/token" ? issueToken(request) : importLogs(request),
  );
  const key = {
    type: "service_account",
    project_id: identity.project,
    private_key_id: identity.keyId,
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    client_email: identity.email,
    token_uri: `${service.url}/token`,
  };
  return { ...service, ...identity, key, faults, seen };
}

type Read = { readonly logs: readonly ImportedLog[] } | { readonly fault: string; readonly field?: string };

function importIn(body: unknown, forwarder: string): Read {
  const request = fieldsOf(body, { inline_source: "inlineSource", hint: "hint" });
  const source = fieldsOf(request?.inline_source, {
    logs: "logs",
    forwarder: "forwarder",
    source_filename: "sourceFilename",
  });
  if (source === undefined) return { fault: "Invalid JSON payload received. Unknown name." };
  if (source.forwarder !== undefined && source.forwarder !== forwarder)
    return { fault: "Forwarder not found.", field: "inline_source.forwarder" };
  const { logs } = source;
  if (!Array.isArray(logs) || logs.length === 0) return { fault: "Logs are required.", field: "inline_source.logs" };
  const read = logs.map(logIn);
  const wrong = read.indexOf(undefined);
  if (wrong !== -1) return { fault: `Invalid log at logs[${wrong}].`, field: `inline_source.logs[${wrong}]` };
  return { logs: read as ImportedLog[] };
}

function logIn(value: unknown): ImportedLog | undefined {
  const log = fieldsOf(value, {
    data: "data",
    log_entry_time: "logEntryTime",
    collection_time: "collectionTime",
    environment_namespace: "environmentNamespace",
    labels: "labels",
  });
  const {
    data,
    log_entry_time: entryTime,
    collection_time: collectionTime,
    environment_namespace: namespace,
  } = log ?? {};
  const labels = Object.entries(log?.labels ?? {}).map(([name, label]) => [
    name,
    fieldsOf(label, { value: "value" })?.value,
  ]);
  if (typeof data !== "string" || data === "" || !BASE64.test(data)) return undefined;
  if (!isTime(entryTime) || !isTime(collectionTime) || Date.parse(collectionTime) <= Date.parse(entryTime))
    return undefined;
  if (
    labels.some(([, label]) => typeof label !== "string") ||
    !(namespace === undefined || typeof namespace === "string")
  )
    return undefined;
  const text = Buffer.from(data, "base64").toString("utf8");
  return { text, entryTime, collectionTime, namespace, labels: Object.fromEntries(labels) };
}

const isTime = (value: unknown): value is string => typeof value === "string" && RFC_3339.test(value);

/** The members of an object by their first spelling; undefined where it is no object or has a member of another name. */
function fieldsOf(
  value: unknown,
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(value)) return undefined;
  const spelled = Object.entries(value).map(([given, member]) => {
    const [name] = Object.entries(names).find((spellings) => spellings.includes(given)) ?? [];
    return [name, member] as const;
  });
  return spelled.some(([name]) => name === undefined) ? undefined : Object.fromEntries(spelled);
}

const oauthError = (error: string, error_description: string) => jsonAnswer(400, { error, error_description });

function apiError(code: number, status: string, message: string, field?: string): LoopbackAnswer {
  const violation = { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field }] };
  return jsonAnswer(code, { error: { code, message, status, ...(field !== undefined && { details: [violation] }) } });
}
