import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "./deps.ts";

/** Where browsers report what the policy stopped. */
export const cspReportPath = "/csp-report";

/** The policy of every answer; the console's page adds a nonce for its style elements. */
export function contentSecurityPolicy(nonce?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    nonce === undefined ? "style-src 'self'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `report-uri ${cspReportPath}`,
    "report-to csp",
  ].join("; ");
}

const always = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "reporting-endpoints": `csp="${cspReportPath}"`,
} as const;

/** The security headers of every answer, refusals included. Answers of the API are never kept by a cache. */
export const securityHeaders: MiddlewareHandler<ApiEnv> = async function securityHeaders(c, next) {
  await next();
  const { headers } = c.res;
  for (const [name, value] of Object.entries(always)) headers.set(name, value);
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", contentSecurityPolicy());
  // Not on this machine's own name: it would bind every other server there.
  const caller = c.get("caller");
  if (caller?.https && !caller.loopback) headers.set("strict-transport-security", "max-age=31536000");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
};
