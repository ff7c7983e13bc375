import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { contentSecurityPolicy, cspReportPath } from "./headers.ts";
import type { ApiCounters } from "./probes.ts";

/** Stands in index.html where the nonce of the answer goes. */
export const noncePlace = "__CSP_NONCE__";

/** The built console: its files, and its page for every other address. Also where browsers report what the policy stopped. */
export function mountConsole(app: OpenAPIHono<ApiEnv>, deps: ApiDeps, counters: ApiCounters) {
  // Only counted: what a report says may quote content.
  app.post(cspReportPath, (c) => {
    counters.cspReports += 1;
    return c.body(null, 204);
  });
  app.get("*", (c) => {
    const { path } = c.req;
    const file = path === "/" || path === "/index.html" ? undefined : deps.console?.file(path);
    if (file !== undefined) {
      const cache = file.immutable ? "public, max-age=31536000, immutable" : "no-cache";
      return c.body(new Uint8Array(file.bytes), 200, { "content-type": file.type, "cache-control": cache });
    }
    if (deps.console === undefined || isMachineAddress(path))
      throw new Refusal("not_found", "There is nothing at this address");
    const nonce = Buffer.from(deps.randomBytes(16)).toString("base64");
    return c.body(deps.console.indexHtml.replaceAll(noncePlace, nonce), 200, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": contentSecurityPolicy(nonce),
    });
  });
}

// A missing file or route must not be answered with a page.
const isMachineAddress = (path: string) => path.startsWith("/api/") || path === "/api" || path.startsWith("/assets/");
