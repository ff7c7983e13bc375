import type { z } from "zod";
import { CollectorError } from "../model/errors.ts";
import { isHtml } from "./answer-error.ts";

/**
 * The answer's body as JSON of this schema. Throws `protocol` where it is a web page (`html_answer`), no JSON (`not_json`) or of
 * another shape (`unexpected_shape`); the message names the place, never the content.
 */
export async function readJson<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await response.text();
  if (isHtml(response.headers, text)) {
    throw new CollectorError("protocol", "A web page came instead of data", {
      reason: "html_answer",
      action: "Check the base URL, and whether a proxy or a sign-in page stands between",
      status: response.status,
    });
  }
  const result = schema.safeParse(parsed(text, response.status));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join(".") || "the whole";
  throw new CollectorError("protocol", `The answer does not have the documented shape: ${place}`, {
    reason: "unexpected_shape",
    action: "If it stays, this version may be older than the service",
    status: response.status,
  });
}

function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the content, so it is not handed on.
    const known = cause instanceof SyntaxError;
    if (!known) throw cause;
    throw new CollectorError("protocol", "The answer is not JSON", {
      reason: "not_json",
      action: "If it stays, check what stands between",
      status,
    });
  }
}
