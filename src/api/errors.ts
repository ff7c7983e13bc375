// Every refusal and failure becomes an RFC 9457 problem with a stable code. docs/errors.md has a section for each code.
import { z } from "@hono/zod-openapi";
import { CollectorError, type ErrorCode } from "../model/errors.ts";

/** What the API itself refuses, with the HTTP status and the title of each code. */
export const apiCodes = {
  invalid: [400, "The request is not valid"],
  body_not_json: [415, "The body is not JSON"],
  body_too_large: [413, "The body is too large"],
  not_signed_in: [401, "Not signed in"],
  token_invalid: [401, "The API token is not valid"],
  wrong_credentials: [401, "Not signed in"],
  forbidden: [403, "Not allowed"],
  cross_site: [403, "The request came from another site"],
  https_needed: [403, "Only over https"],
  unknown_host: [421, "Unknown host name"],
  not_found: [404, "Not found"],
  name_taken: [409, "The name is taken"],
  name_invalid: [400, "The name cannot be used"],
  in_use: [409, "Still in use"],
  last_admin: [409, "The last administrator"],
  own_account: [409, "The own account"],
  invitation_wrong: [403, "The link is not valid"],
  managed_by_file: [409, "Managed by the configuration file"],
  target_changed: [409, "Another workspace needs another collector"],
  same_target: [409, "Another collector collects the same"],
  setup_done: [409, "Set up already"],
  setup_token_wrong: [403, "Wrong set-up token"],
  password_too_weak: [400, "The password is too weak"],
  too_many_attempts: [429, "Too many attempts"],
  expiry_invalid: [400, "The expiry is not valid"],
  secret_key_missing: [409, "The secret key is missing"],
  secret_key_wrong: [409, "The secret key is wrong"],
  secret_key_malformed: [400, "Not a secret key"],
  secret_needed: [400, "The secret has to be entered again"],
  unknown_connector: [400, "Unknown connector"],
  unknown_destination: [400, "Unknown destination"],
  unknown_data_source: [400, "Unknown data source"],
  duplicate_data_source: [400, "The same data source twice"],
  rewind_stale: [409, "The forecast no longer holds"],
  rewind_running: [409, "A rewind is under way"],
  rewind_ahead: [400, "Nothing to go back to"],
  rewind_before_start: [400, "Before the collector's start"],
  internal: [500, "The server failed"],
} as const satisfies Record<string, readonly [number, string]>;

export type ApiCode = keyof typeof apiCodes;

const byErrorCode: Readonly<Record<ErrorCode, readonly [number, string]>> = {
  config_invalid: [400, "The configuration is not valid"],
  auth_failed: [502, "The credential was refused upstream"],
  rate_limited: [503, "Upstream asked to wait"],
  unavailable: [503, "Not reachable"],
  rejected: [400, "Refused"],
  protocol: [502, "Unexpected answer from upstream"],
  storage: [503, "The disk is full or failing"],
  fenced: [503, "Another engine has taken over"],
};

/** The field of a form to which a refusal belongs. */
const fieldOf: Partial<Record<string, string>> = {
  name_taken: "name",
  name_invalid: "name",
  password_too_weak: "password",
  setup_token_wrong: "token",
  secret_key_malformed: "value",
  secret_key_wrong: "value",
  expiry_invalid: "expiresInDays",
  query_invalid: "q",
};

/** A refusal by the API, with what is wrong field by field. */
export class Refusal extends CollectorError {
  readonly fields: Readonly<Record<string, string>> | undefined;
  /** Further members of the problem. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: ApiCode,
    message: string,
    details: {
      readonly action?: string | undefined;
      readonly fields?: Readonly<Record<string, string>> | undefined;
      readonly extra?: Readonly<Record<string, unknown>> | undefined;
    } = {},
  ) {
    super("rejected", message, { reason: code, action: details.action });
    this.fields = details.fields;
    this.extra = details.extra;
  }
}

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    action: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
    collectors: z.array(z.string()).readonly().optional(),
  })
  .openapi("Problem");

/** The answer for a thrown error. What is not a CollectorError is a bug: it is answered without a word of its text. */
export function problemOf(error: unknown): Response {
  if (!(error instanceof CollectorError)) return problem("internal", 500, apiCodes.internal[1], internal);
  const code = error.reason ?? error.code;
  const [status, title] = Object.hasOwn(apiCodes, code) ? apiCodes[code as ApiCode] : byErrorCode[error.code];
  const field = fieldOf[code];
  const fields =
    error instanceof Refusal && error.fields
      ? error.fields
      : field === undefined
        ? undefined
        : { [field]: error.message };
  const extra = error instanceof Refusal ? error.extra : undefined;
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined) headers["retry-after"] = String(Math.ceil(error.retryAfterMs / 1_000));
  return problem(code, status, title, { detail: error.message, action: error.action, fields, ...extra }, headers);
}

const internal = {
  detail: "The server met an error that it does not know; its log has the details",
  action: "Look at the server's log, and report it.",
};

function problem(code: string, status: number, title: string, rest: object, headers: Record<string, string> = {}) {
  return new Response(JSON.stringify({ type: `/docs/errors#${code}`, title, status, code, ...rest }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}

/** A refusal for what a schema says of the input: one sentence a field, never the value itself. */
export function invalidInput(error: z.ZodError): Refusal {
  const fields: Record<string, string> = {};
  for (const issue of error.issues)
    for (const name of "keys" in issue && issue.path.length === 0 ? issue.keys : [issue.path.join(".") || "body"])
      fields[name] ??= sentenceOf(issue);
  const names = Object.keys(fields).join(", ");
  return new Refusal("invalid", `Not valid: ${names}`, { action: "Correct what is named and send it again.", fields });
}

/** Our schemas' own messages are kept; zod's may quote what was sent only for closed lists, which hold no secret. */
const sentenceOf = (issue: z.core.$ZodIssue) =>
  issue.code === "unrecognized_keys" ? "This is not known here" : issue.message;

/** What may be logged of an error that nobody expected: its kind and place. Its message may hold anything. */
export const traceOf = (error: Error) => ({
  error: error.name,
  stack: error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n"),
});
