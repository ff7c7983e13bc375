// Why no answer came, told in a sentence. What the network does is always `unavailable`: it should pass.
import { CollectorError } from "../model/errors.ts";

interface Failure {
  readonly reason: string;
  readonly says: (host: string) => string;
  readonly action: string;
}

const dns: Failure = {
  reason: "dns_failed",
  says: (host) => `The name ${host} could not be resolved`,
  action: "Check the address, and that this machine can use its name server",
};
const refused: Failure = {
  reason: "connection_refused",
  says: (host) => `${host} refused the connection`,
  action: "Check host and port of the address, and whether a firewall stands between",
};
const unreachable: Failure = {
  reason: "unreachable",
  says: (host) => `There is no way to ${host} from this machine`,
  action: "Check the network and whether a proxy has to be set",
};
const connectTimeout: Failure = {
  reason: "connect_timeout",
  says: (host) => `${host} did not accept the connection in time`,
  action: "Check whether a firewall drops the connection or a proxy has to be set",
};
const headersTimeout: Failure = {
  reason: "answer_timeout",
  says: (host) => `${host} accepted the request but did not answer in time`,
  action: "If it stays, check the status of the service",
};
const bodyTimeout: Failure = {
  reason: "too_slow",
  says: (host) => `${host} stopped sending in the middle of its answer`,
  action: "If it stays, check the connection to the service",
};
const reset: Failure = {
  reason: "connection_reset",
  says: (host) => `The connection to ${host} broke off`,
  action: "If it stays, check what stands between",
};
const certificate: Failure = {
  reason: "certificate_untrusted",
  says: (host) => `The certificate of ${host} is not trusted by this machine`,
  action:
    "If your network inspects TLS, name the PEM file of your organisation's certificate authority in NODE_EXTRA_CA_CERTS and start again; never switch the check off",
};
const certificateName: Failure = {
  reason: "certificate_name",
  says: (host) => `The certificate of ${host} is made out to another name`,
  action: "Check the address; another machine may be answering in its place",
};
const certificateTime: Failure = {
  reason: "certificate_expired",
  says: (host) => `The certificate of ${host} is outside its period of validity`,
  action: "Check the clock of this machine; if it is right, the service has to renew its certificate",
};
const tls: Failure = {
  reason: "tls_failed",
  says: (host) => `No encrypted connection to ${host} could be agreed on`,
  action: "Check that the address is right and what stands between",
};
const proxy: Failure = {
  reason: "proxy_refused",
  says: (host) => `The proxy did not open a connection to ${host}`,
  action: "Check that the proxy allows this host, and its user name and password",
};

const failures: Readonly<Record<string, Failure>> = {
  ENOTFOUND: dns,
  EAI_AGAIN: dns,
  EAI_FAIL: dns,
  EAI_NODATA: dns,
  ECONNREFUSED: refused,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EADDRNOTAVAIL: unreachable,
  ETIMEDOUT: connectTimeout,
  UND_ERR_CONNECT_TIMEOUT: connectTimeout,
  UND_ERR_HEADERS_TIMEOUT: headersTimeout,
  UND_ERR_BODY_TIMEOUT: bodyTimeout,
  ECONNRESET: reset,
  EPIPE: reset,
  UND_ERR_SOCKET: reset,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: reset,
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
  SELF_SIGNED_CERT_IN_CHAIN: certificate,
  UNABLE_TO_GET_ISSUER_CERT: certificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
  CERT_UNTRUSTED: certificate,
  ERR_TLS_CERT_ALTNAME_INVALID: certificateName,
  CERT_HAS_EXPIRED: certificateTime,
  CERT_NOT_YET_VALID: certificateTime,
  EPROTO: tls,
};

/** A failed request, or a body that broke off, as a CollectorError; what already is one, and an abort, come back as they are. */
export function networkFailure(error: unknown, host: string, signal?: AbortSignal): unknown {
  const known = chain(error).find((one) => one instanceof CollectorError);
  if (known) return known;
  if (signal?.aborted) return signal.reason;
  const failure = chain(error).map(failureOf).find(Boolean);
  if (failure === undefined) {
    return new CollectorError("unavailable", `The request to ${host} failed`, { reason: "network", cause: error });
  }
  return new CollectorError("unavailable", failure.says(host), {
    reason: failure.reason,
    action: failure.action,
    cause: error,
  });
}

function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/Proxy response|Proxy Authentication/.test(error.message)) return proxy;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string") return undefined;
  return failures[code] ?? (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") ? tls : undefined);
}

/** The error, those it gathers and those behind it. */
function chain(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const open = [error];
  while (open.length > 0 && found.length < 20) {
    const next = open.shift();
    if (next === undefined || next === null) continue;
    found.push(next);
    if (next instanceof AggregateError) open.push(...next.errors);
    if (next instanceof Error) open.push(next.cause);
  }
  return found;
}
