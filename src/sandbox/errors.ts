import type { Quirks } from "./quirks.ts";

/** One entry of a 422 body, in FastAPI's words. */
export interface ValidationProblem {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** A refusal on its way to the client. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: 400 | 401 | 403 | 404 | 410 | 422 | 429 | 500;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly ValidationProblem[] | undefined;

  constructor(
    status: ApiError["status"],
    code: string,
    message: string,
    more: { headers?: Record<string, string>; problems?: readonly ValidationProblem[] } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.problems = more.problems;
  }
}

const KINDS: Readonly<Record<ApiError["status"], string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  410: "gone_error",
  422: "invalid_request_error",
  429: "rate_limit_error",
  500: "server_error",
};

/** A missing or wrong query parameter, as 422. */
export function unprocessable(parameter: string, msg: string, type: string): ApiError {
  return new ApiError(422, "unprocessable", msg, { problems: [{ loc: ["query", parameter], msg, type }] });
}

/** The reply to a refusal, in the shape chosen. */
export function errorReply(error: ApiError, shape: Quirks["errorShape"]): Response {
  const json = (body: unknown) =>
    new Response(JSON.stringify(body), {
      status: error.status,
      headers: { "Content-Type": "application/json", ...error.headers },
    });
  if (error.problems) return json({ detail: error.problems });
  if (shape === "detail") return json({ detail: error.message });
  if (shape === "message") return json({ message: error.message });
  if (shape === "text") {
    const headers = { "Content-Type": "text/plain; charset=utf-8", ...error.headers };
    return new Response(error.message, { status: error.status, headers });
  }
  return json({ error: { message: error.message, type: KINDS[error.status], param: null, code: error.code } });
}
