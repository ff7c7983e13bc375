// What every request passes before a handler sees it: host name, size, who it is, and that no other site sent it.

import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { Refusal } from "./errors.ts";

/** Bodies larger than this are refused. */
export const maxBodyBytes = 1_000_000;

/** Finds out where the request comes from, and refuses host names that are none of ours (421) and what is not encrypted (403). */
export function knowCaller({ policy }: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async function knowCaller(c, next) {
    const socket = c.env?.incoming?.socket;
    const caller = policy.caller({
      peer: socket?.remoteAddress,
      tls: socket?.encrypted === true,
      host: c.req.header("host") ?? new URL(c.req.url).host,
      header: (name) => c.req.header(name),
    });
    c.set("caller", caller);
    if (!caller.hostKnown)
      throw new Refusal("unknown_host", "This server does not answer to that host name", {
        action: "Start the server with --public-url and the address that people use.",
      });
    if (caller.inTheClear && !probes.has(c.req.path))
      throw new Refusal("https_needed", "This server answers other machines only over https", {
        action: "Use the public address of the server, which leads through its proxy.",
      });
    await next();
  };
}

/** They tell nothing of what is collected, and orchestrators ask them without a proxy. */
const probes: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/progressz"]);

/** Bodies above the limit are refused (413), declared or not. */
export const limitBody: MiddlewareHandler<ApiEnv> = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => {
    throw new Refusal("body_too_large", "A body has at most 1 MB");
  },
});

/** With the value 1 on a GET: nobody asked for it, so it keeps no idle session alive. */
const backgroundHeader = "x-cistern-background";

/** Reads the API token or the session. A token that is not valid is refused; without either the request is nobody's. */
export function knowIdentity({ access }: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async function knowIdentity(c, next) {
    const authorization = c.req.header("authorization");
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      const identity = token === undefined ? undefined : access.token(token);
      if (identity === undefined)
        throw new Refusal("token_invalid", "The API token is unknown, revoked, expired or mistyped", {
          action: "Make a new one in Settings, or with cistern token create.",
        });
      c.set("identity", identity);
    } else {
      refuseOtherSites(c);
      const session = getCookie(c, cookieName(c));
      const background = c.req.method === "GET" && c.req.header(backgroundHeader) === "1";
      const identity = session === undefined ? undefined : access.session(session, { background });
      c.set("identity", identity);
      c.set("session", identity === undefined ? undefined : session);
    }
    await next();
  };
}

// Three independent signs; a browser cannot forge the first two, and a foreign page cannot send the third without asking us.
function refuseOtherSites(c: Context<ApiEnv>) {
  if (c.req.method === "GET" || c.req.method === "HEAD") return;
  const caller = c.get("caller");
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  const own = `${caller.https ? "https" : "http"}://${caller.host}`;
  const foreign = (site !== undefined && site !== "same-origin") || (origin !== undefined && origin !== own);
  if (!foreign && c.req.header("x-cistern") === "1") return;
  throw new Refusal("cross_site", "A change must come from the console itself, or carry an API token", {
    action: foreign
      ? "Open the console under the address given as --public-url."
      : "Send the header X-Cistern: 1, or use an API token.",
  });
}

/** Cookies are for https only, except on this machine. */
const isSecure = (c: Context<ApiEnv>) => c.get("caller").https || !c.get("caller").loopback;
const cookieName = (c: Context<ApiEnv>) => (isSecure(c) ? "__Host-cistern_session" : "cistern_session");

/** Gives the browser its session, or takes it away. */
export function sendSession(c: Context<ApiEnv>, session: string | undefined) {
  const common = { path: "/", httpOnly: true, sameSite: "Strict", secure: isSecure(c) } as const;
  setCookie(c, cookieName(c), session ?? "", session === undefined ? { ...common, maxAge: 0 } : common);
}
