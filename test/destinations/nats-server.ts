import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type TlsOptions,
} from "@nats-io/transport-node";
import type { TestCertificate } from "../../src/testing/certificates.ts";
import { findProgram, freePort, listens, startProgram, until } from "./local-program.ts";

export const natsProgram = findProgram("nats-server");

export interface NatsServer {
  readonly port: number;
  /** An administrator's connection, in the clear. */
  readonly nats: NatsConnection;
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface NatsServerOptions {
  /** Lines of its configuration file. */
  readonly config?: string;
  readonly jetStream?: boolean;
  readonly tls?: TestCertificate;
  /** Of the server's certificate. */
  readonly ca?: string;
  /** Where it listens. Default: 127.0.0.1. */
  readonly address?: string;
  /** How the administrator signs in. */
  readonly admin?: { readonly user?: string; readonly pass?: string; readonly token?: string; readonly creds?: string };
}

/** A NATS server of its own on loopback, with JetStream in a folder of its own. */
export async function natsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  if (natsProgram === undefined) throw new Error("There is no nats-server on this machine");
  const folder = mkdtempSync(join(tmpdir(), "cistern-nats-"));
  const port = await freePort();
  const file = join(folder, "server.conf");
  writeFileSync(file, configuration(folder, port, options));
  const program = startProgram(natsProgram, ["-c", file]);
  const gone = async () => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(() => listens(port, options.address), program);
    const nats = await connect(administrator(port, options));
    const stop = async () => {
      await program.stop();
      await nats.close();
    };
    return { port, nats, stop, close: () => stop().then(gone) };
  } catch (error) {
    await gone();
    throw error;
  }
}

function configuration(
  folder: string,
  port: number,
  { config = "", jetStream = true, tls, address }: NatsServerOptions,
): string {
  const lines = [`listen: ${address ?? "127.0.0.1"}:${port}`, config];
  if (jetStream) lines.push(`jetstream { store_dir: "${folder}" }`);
  if (tls !== undefined) {
    writeFileSync(join(folder, "cert.pem"), tls.cert);
    writeFileSync(join(folder, "key.pem"), tls.key);
    lines.push(`tls { cert_file: "${folder}/cert.pem", key_file: "${folder}/key.pem" }`);
  }
  return `${lines.join("\n")}\n`;
}

function administrator(
  port: number,
  { admin: { creds, ...login } = {}, ca, address }: NatsServerOptions,
): ConnectionOptions {
  // A certificate is made out to 127.0.0.1; at another address the administrator connects all the same.
  const tls = { ca, ...(address !== undefined && { checkServerIdentity: () => undefined }) } as TlsOptions;
  return {
    servers: `${address ?? "127.0.0.1"}:${port}`,
    reconnect: false,
    ...login,
    ...(ca !== undefined && { tls }),
    ...(creds !== undefined && { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) }),
  };
}

export async function addStream({ nats }: NatsServer, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  const manager = await jetstreamManager(nats);
  await manager.streams.add(config);
}

export interface StoredMessage {
  readonly subject: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Everything that a stream holds, in its order. */
export async function messagesOf({ nats }: NatsServer, stream: string): Promise<readonly StoredMessage[]> {
  const manager = await jetstreamManager(nats);
  const { state } = await manager.streams.info(stream);
  const found: StoredMessage[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const message = await manager.streams.getMessage(stream, { seq });
    const headers = Object.fromEntries(
      (message?.header?.keys() ?? []).map((name) => [name, message!.header.get(name)]),
    );
    found.push({ subject: message!.subject, id: headers["Nats-Msg-Id"] ?? "", headers, body: message!.string() });
  }
  return found;
}
