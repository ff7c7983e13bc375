// What a refusal says. No public source shows the error bodies of every service, so each usual shape is tried.
import { CollectorError, type ErrorCode } from "../model/errors.ts";
import { retryAfterMs } from "./retry-after.ts";

const LONGEST_BODY = 65_536;
const LONGEST_QUOTE = 300;

/**
 * The CollectorError of an answer of 400 or above; consumes its body. 401 and 403 are `auth_failed`, 429 is `rate_limited`
 * with its wait, other refusals are `rejected`, 408 and 5xx are `unavailable`; a web page or XML below 500 is `protocol`. `secrets`
 * never show in the message.
 */
export async function answerError(
  response: Response,
  about: { readonly host: string; readonly secrets: readonly string[]; readonly now: Date },
): Promise<CollectorError> {
  const { status, headers } = response;
  const body = await textOf(response);
  const isPage = isHtml(headers, body) || isXml(body);
  const quote = isHtml(headers, body) ? "a web page" : quoted(body, about.secrets);
  const message = `${about.host} answered ${status}${quote === "" ? "" : `: ${quote}`}`;
  const code = codeOf(status, isPage);
  const action = "If it stays, check whether the service has an outage";
  return new CollectorError(code, message, {
    status,
    action: code === "unavailable" ? action : undefined,
    retryAfterMs: status === 429 || status === 503 ? retryAfterMs(headers, about.now) : undefined,
    reason: isPage ? "html_answer" : undefined,
  });
}

/** True where an answer is a web page, as a proxy or a sign-in wall sends it. */
export function isHtml(headers: Headers, body: string): boolean {
  return /^text\/html\b/i.test(headers.get("content-type") ?? "") || /^\s*<(?:!doctype|html|head|body)\b/i.test(body);
}

/** True where an answer is XML, as a storage host or a firewall sends it; no service asked here speaks it. */
const isXml = (body: string) => /^\s*<(?:\?xml\b|error>)/i.test(body);

/** Text that is fit for a message: one line, no control characters, no key, 300 characters at most. */
export function redacted(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, "[redacted]");
  clean = clean
    .replaceAll(/\b(?:sk|sess|pk|ey)[-_][\w-]{8,}/gi, "[redacted]")
    .replaceAll(/\bBearer\s+\S+/gi, "Bearer [redacted]")
    .replaceAll(/\?[^\s"']*/g, "?…")
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE - 1)}…`.toWellFormed() : clean.toWellFormed();
}

// A web page is not the service speaking but something before it: neither a refused key nor a missing file is proven by it.
function codeOf(status: number, isPage: boolean): ErrorCode {
  if (isPage && status < 500 && status !== 429 && status !== 408) return "protocol";
  if (status === 401 || status === 403) return "auth_failed";
  if (status === 429) return "rate_limited";
  return status === 408 || status >= 500 ? "unavailable" : "rejected";
}

function quoted(body: string, secrets: readonly string[]): string {
  const text = isXml(body) ? body.replaceAll(/<[^>]*>/g, " ") : body;
  return redacted(messageIn(parsed(body)) ?? text, secrets);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON is no fault of an error body: its text is quoted as it is.
    return undefined;
  }
}

function messageIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(messageIn).filter(Boolean).join("; ") || undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const { error, detail, message, msg, loc } = value as Record<string, unknown>;
  if (typeof msg === "string") return Array.isArray(loc) ? `${loc.join(".")}: ${msg}` : msg;
  return messageIn(error) ?? messageIn(detail) ?? messageIn(message);
}

/** At most 64 KB of the body as text; the rest is never read. A body that breaks off counts as far as it came. */
async function textOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < LONGEST_BODY) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch (error) {
    // The status is known and matters more than the text that was still to come.
    if (!(error instanceof CollectorError)) throw error;
  }
  return text.slice(0, LONGEST_BODY);
}
