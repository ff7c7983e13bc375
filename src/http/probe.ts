// The first steps of a connection test: is there such a name, does anything answer there, is its certificate in order.
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../model/check.ts";
import { CollectorError } from "../model/errors.ts";
import { assertPermitted, guardedLookup, isLoopbackHost, type Resolve, resolvePermitted } from "./address-guard.ts";
import { networkFailure } from "./network-failure.ts";
import { bypasses, type ProxySettings } from "./proxy.ts";
import type { Seams } from "./seams.ts";
import { type HttpLimits, trusted } from "./transport.ts";

const DAY_MS = 86_400_000;
const EXPIRY_WARNING_DAYS = 14;
const titles = { dns: "Address", connect: "Connection", tls: "Certificate" } as const;

export interface ProbeOptions extends Pick<Seams, "now" | "sleep"> {
  readonly resolve: Resolve;
  readonly limits: Pick<HttpLimits, "connectMs">;
  readonly proxy: ProxySettings | undefined;
  readonly ca: string | undefined;
}

/** Steps `dns`, `connect` and `tls`. A step that fails skips those after it. Nothing is sent but the handshakes. */
export function createProbe(options: ProbeOptions): (url: URL, signal: AbortSignal) => AsyncIterable<CheckStep> {
  return async function* probe(url, signal) {
    const loopback = isLoopbackHost(url.hostname);
    const { proxy, now } = options;
    const through = proxy && !loopback && !bypasses(url, proxy.bypass) ? new URL(proxy.url) : undefined;
    const target: Target = { url, loopback, through, signal };

    const found = yield* runStep<true>("dns", titles.dns, now, () => lookUp(options, target));
    if (!found) {
      yield skippedStep("connect", titles.connect, "Not tried: the address cannot be used");
      yield skippedStep("tls", titles.tls, "Not tried: the address cannot be used");
      return;
    }
    const socket = yield* runStep<Socket>("connect", titles.connect, now, () => reach(options, target));
    if (!socket) yield skippedStep("tls", titles.tls, "Not tried: there is no connection");
    else yield* certificate(options, target, socket);
  };
}

interface Target {
  readonly url: URL;
  readonly loopback: boolean;
  readonly through: URL | undefined;
  readonly signal: AbortSignal;
}

async function* certificate(options: ProbeOptions, target: Target, socket: Socket): AsyncGenerator<CheckStep> {
  try {
    if (target.url.protocol === "https:") {
      yield* runStep("tls", titles.tls, options.now, () => handshake(options, target, socket));
    } else yield skippedStep("tls", titles.tls, "Plain http to this machine needs no certificate");
  } finally {
    socket.destroy();
  }
}

async function lookUp({ resolve }: ProbeOptions, target: Target): Promise<StepOutcome<true>> {
  const { url, loopback, through } = target;
  assertPermitted(url, loopback);
  const host = bare(url.hostname);
  if (isIP(host) !== 0) return { state: "ok", detail: `${host} is an address, no name`, value: true };
  if (through) return { state: "ok", detail: `The proxy ${through.host} resolves ${host}`, value: true };
  try {
    const addresses = await resolvePermitted(resolve, host, loopback);
    return { state: "ok", detail: `${host} is ${addresses.map(({ address }) => address).join(", ")}`, value: true };
  } catch (error) {
    throw networkFailure(error, host, target.signal);
  }
}

async function reach(options: ProbeOptions, target: Target): Promise<StepOutcome<Socket>> {
  const { url, through } = target;
  const socket = await within(options, target, () =>
    through ? tunnel(options, target, through) : dial(options, target),
  );
  const port = portOf(url);
  if (through)
    return { state: "ok", detail: `The proxy ${through.host} connects to ${url.hostname}:${port}`, value: socket };
  return { state: "ok", detail: `${socket.remoteAddress} answers on port ${port}`, value: socket };
}

function dial({ resolve }: ProbeOptions, { url, loopback, signal }: Target): Promise<Socket> {
  const lookup = guardedLookup(resolve, loopback);
  const socket = connectTcp({ host: bare(url.hostname), port: portOf(url), lookup, autoSelectFamily: true, signal });
  return opened(socket, "connect");
}

function tunnel({ ca }: ProbeOptions, { url, signal }: Target, through: URL): Promise<Socket> {
  const authorities = trusted(ca);
  const user = [through.username, through.password].map(decodeURIComponent).join(":");
  const headers = user === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` };
  const path = `${url.hostname}:${portOf(url)}`;
  const open = through.protocol === "https:" ? httpsRequest : httpRequest;
  const options = { method: "CONNECT", host: through.hostname, port: portOf(through), path, headers, signal };
  const request = open({ ...options, ...(authorities && { ca: authorities }) });
  return new Promise((resolve, reject) => {
    request.once("error", reject);
    request.once("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      reject(new Error(`Proxy response (${answer.statusCode})`));
    });
    request.end();
  });
}

async function handshake(options: ProbeOptions, target: Target, socket: Socket): Promise<StepOutcome<undefined>> {
  const host = bare(target.url.hostname);
  const authorities = trusted(options.ca);
  const name = isIP(host) === 0 ? { servername: host } : {};
  const secure = await within(options, target, () =>
    opened(
      connectTls({ socket, host, ...name, ...(authorities && { ca: authorities }), rejectUnauthorized: true }),
      "secureConnect",
    ),
  );
  const peer = secure.getPeerCertificate();
  secure.destroy();
  return judgeCertificate(peer, options.now());
}

function judgeCertificate(peer: PeerCertificate, now: Date): StepOutcome<undefined> {
  const expiresAt = new Date(peer.valid_to);
  const daysLeft = Math.floor((expiresAt.getTime() - now.getTime()) / DAY_MS);
  const issuer = first(peer.issuer?.O) ?? first(peer.issuer?.CN) ?? "an unnamed authority";
  const detail = `Issued by ${issuer}, valid until ${expiresAt.toISOString().slice(0, 10)}`;
  if (daysLeft >= EXPIRY_WARNING_DAYS) return { state: "ok", detail };
  const remedy = `It expires in ${daysLeft} days; whoever runs this host has to renew it`;
  return { state: "warning", detail, remedy, reason: "certificate_expires_soon" };
}

/** Runs `connect` for at most the time a connection may take; network errors come out as sentences. */
async function within<S extends Socket | TLSSocket>(
  { sleep, limits }: ProbeOptions,
  { url, signal }: Target,
  connect: () => Promise<S>,
): Promise<S> {
  const over = new AbortController();
  const late = sleep(limits.connectMs, over.signal).then(() => {
    if (!over.signal.aborted) throw Object.assign(new Error("late"), { code: "UND_ERR_CONNECT_TIMEOUT" });
    return undefined;
  });
  const opening = connect();
  try {
    const socket = await Promise.race([opening, late]);
    if (socket === undefined) throw new CollectorError("unavailable", "The connection test was cut short");
    return socket;
  } catch (error) {
    opening.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
    throw networkFailure(error, url.host, signal);
  } finally {
    over.abort();
  }
}

function opened<S extends Socket>(socket: S, event: "connect" | "secureConnect"): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once(event, () => {
      socket.off("error", reject);
      // From here on the socket is only closed; what it says then concerns nobody.
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}

const portOf = (url: URL) => Number(url.port) || (url.protocol === "https:" ? 443 : 80);
const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, "");
const first = (value: string | readonly string[] | undefined) => (typeof value === "string" ? value : value?.[0]);
