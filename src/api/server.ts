import type { IncomingMessage, Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { CollectorError } from "../model/errors.ts";

export interface ServeOptions {
  /** Port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** With one, an address other than loopback may do without TLS: the proxy has it. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** How `close` waits; without it the running requests are cut off at once. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

export interface ServedApi {
  /** `http://127.0.0.1:7411`, with the port that was taken. */
  readonly address: string;
  /** Takes no further request, lets the running ones end for up to two seconds, then cuts them off. */
  close(): Promise<void>;
}

interface Fetches {
  fetch(request: Request, env: { readonly incoming: IncomingMessage }): Response | Promise<Response>;
}

/**
 * Serves the API. Refused with `config_invalid` where other machines could reach it in the clear (`tls_needed`), where the
 * certificate cannot be used (`tls_file`), and where the address is taken or not ours (`listen_failed`).
 */
export async function serveApi(
  app: Fetches,
  { listen, tls, trustedProxies = [], sleep }: ServeOptions,
): Promise<ServedApi> {
  if (!isLoopback(listen.host) && tls === undefined && trustedProxies.length === 0)
    throw new CollectorError(
      "config_invalid",
      `${listen.host} can be reached by other machines, and nothing would be encrypted`,
      {
        reason: "tls_needed",
        action:
          "Give a certificate with --tls-cert and --tls-key, or name the proxy that has one with --trusted-proxy.",
      },
    );
  const server = makeServer(app, tls);
  const sockets = openSockets(server);
  await listening(server, listen);
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === "IPv6" ? `[${address}]` : address;
  return {
    address: `${tls === undefined ? "http" : "https"}://${host}:${port}`,
    close: () => closeServer(server, sockets, sleep),
  };
}

function makeServer(app: Fetches, tls: ServeOptions["tls"]): Server {
  const fetch = (request: Request, env: unknown) => app.fetch(request, env as { readonly incoming: IncomingMessage });
  try {
    const server =
      tls === undefined
        ? createAdaptorServer({ fetch })
        : createAdaptorServer({ fetch, createServer, serverOptions: { ...tls, minVersion: "TLSv1.2" } });
    return server as Server;
  } catch (cause) {
    if (tls === undefined) throw cause;
    throw new CollectorError("config_invalid", "The TLS certificate and its key cannot be used", {
      cause,
      reason: "tls_file",
      action: "Give the certificate chain and its private key as PEM files that belong together.",
    });
  }
}

function listening(server: Server, { host, port }: ServeOptions["listen"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) =>
      reject(
        new CollectorError("config_invalid", `${host}:${port} cannot be listened on (${cause.code})`, {
          cause,
          reason: "listen_failed",
          action: "Choose another address with --listen, or stop what uses this one.",
        }),
      );
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      resolve();
    });
  });
}

const GRACE_MS = 2_000;

/** The connections that are open now, those that have not said a word of HTTP or TLS included. */
function openSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>, sleep: ServeOptions["sleep"]): Promise<void> {
  const ended = new AbortController();
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      ended.abort();
      resolve();
    });
  });
  server.closeIdleConnections();
  // A sleep that is cut short may reject; either way the wait is over.
  await Promise.race([closed, sleep?.(GRACE_MS, ended.signal).catch(() => undefined)]);
  server.closeAllConnections();
  for (const socket of sockets) socket.destroy();
  await closed;
}

const isLoopback = (host: string) =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
