// What stands between a Kafka client and the mock cluster: TLS, a sign-in, and answers that the mock cluster does not give. The cluster
// names itself by the front's own address, so that every connection comes through here.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { TestCertificate } from "../../src/testing/certificates.ts";
import { type SaslUser, saslServer } from "./kafka-sasl.ts";

export interface KafkaFrontOptions {
  readonly tls?: TestCertificate;
  /** Who may sign in; without, nobody has to. */
  readonly user?: SaslUser;
  /** The host that the cluster names as its broker. Default: 127.0.0.1. */
  readonly host?: string;
  /** Error codes in place of those of the cluster. */
  readonly topicError?: number;
  readonly produceError?: number;
  /** Answers to produce requests never arrive. */
  readonly swallow?: boolean;
}

export interface KafkaFront {
  readonly port: number;
  /** Bytes of the largest produce request so far. */
  readonly largest: number;
  readonly connections: number;
  /** Breaks every connection; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

const PRODUCE = 0;
const METADATA = 3;
const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

export async function kafkaFront(clusterPort: number, options: KafkaFrontOptions = {}): Promise<KafkaFront> {
  const sockets = new Set<Socket>();
  let largest = 0;
  const state = {
    port: 0,
    sawRequest(bytes: number) {
      largest = Math.max(largest, bytes);
    },
  };
  const accept = (near: Socket) => {
    const far = connect(clusterPort, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one
        .on("error", () => other.destroy())
        .on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
    }
    stand(near, far, options, state);
  };
  const server: Server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  server.on("tlsClientError", () => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  state.port = (server.address() as AddressInfo).port;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: state.port,
    get largest() {
      return largest;
    },
    get connections() {
      return sockets.size / 2;
    },
    cut,
    async close() {
      cut();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}

function stand(
  near: Socket,
  far: Socket,
  options: KafkaFrontOptions,
  state: { readonly port: number; sawRequest(bytes: number): void },
): void {
  const asked = new Map<number, { readonly api: number; readonly version: number }>();
  const sasl = options.user && saslServer(options.user);
  const answer = (id: number, body: Buffer) => near.write(framed(Buffer.concat([int32(id), body])));
  frames(near, (frame) => {
    const [api, version, id] = [frame.readInt16BE(0), frame.readInt16BE(2), frame.readInt32BE(4)];
    const body = frame.subarray(10 + Math.max(0, frame.readInt16BE(8)));
    if (sasl && api === SASL_HANDSHAKE) return answer(id, sasl.handshake(body.toString("utf8", 2)));
    if (sasl && api === SASL_AUTHENTICATE) return answer(id, sasl.authenticate(body.subarray(4), version));
    if (sasl && api !== API_VERSIONS && !sasl.isSignedIn()) return near.destroy();
    if (api === PRODUCE) state.sawRequest(frame.length);
    asked.set(id, { api, version });
    far.write(framed(frame));
  });
  frames(far, (frame) => {
    const { api, version } = asked.get(frame.readInt32BE(0)) ?? { api: -1, version: 0 };
    if (api === PRODUCE && options.swallow) return;
    if (api === PRODUCE) refuse(frame, options.produceError);
    if (api === API_VERSIONS && sasl) return near.write(framed(withSasl(frame)));
    near.write(framed(api === METADATA ? renamed(frame, version, state.port, options) : frame));
  });
}

/** Calls for each message, without the length before it. */
function frames(socket: Socket, each: (frame: Buffer) => unknown): void {
  let held = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    held = Buffer.concat([held, piece]);
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const end = 4 + held.readInt32BE(0);
      each(held.subarray(4, end));
      held = held.subarray(end);
    }
  });
}

const framed = (frame: Buffer) => Buffer.concat([int32(frame.length), frame]);

function int32(value: number): Buffer {
  const made = Buffer.alloc(4);
  made.writeInt32BE(value);
  return made;
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
}

/** The two requests of a sign-in, in front of those that the cluster knows. */
function withSasl(frame: Buffer): Buffer {
  const entries = Buffer.alloc(12);
  for (const [at, value] of [SASL_HANDSHAKE, 0, 1, SASL_AUTHENTICATE, 0, 1].entries())
    entries.writeInt16BE(value, at * 2);
  return Buffer.concat([frame.subarray(0, 6), int32(frame.readInt32BE(6) + 2), entries, frame.subarray(10)]);
}

/** The one broker of the cluster under the front's own address, and the topic with an error where one is wanted. */
function renamed(
  frame: Buffer,
  version: number,
  port: number,
  { host = "127.0.0.1", topicError }: KafkaFrontOptions,
): Buffer {
  // Id, throttling, number of brokers, the broker's own number.
  const before = 4 + (version >= 3 ? 4 : 0) + 8;
  const after = before + 2 + frame.readInt16BE(before) + 4;
  const rest = Buffer.from(frame.subarray(after));
  if (topicError !== undefined) rest.writeInt16BE(topicError, topicAt(rest, version));
  return Buffer.concat([frame.subarray(0, before), text(host), int32(port), rest]);
}

/** Where the first topic begins, with its error code: behind rack, cluster and controller. */
function topicAt(rest: Buffer, version: number): number {
  let at = 0;
  const skipText = () => {
    at += 2 + Math.max(0, rest.readInt16BE(at));
  };
  if (version >= 1) skipText();
  if (version >= 2) skipText();
  return at + (version >= 1 ? 4 : 0) + 4;
}

/** Puts the error code into the answer about the first partition: behind id, topics, name, partitions and number. */
function refuse(frame: Buffer, code: number | undefined): void {
  if (code !== undefined) frame.writeInt16BE(code, 4 + 4 + 2 + frame.readInt16BE(8) + 4 + 4);
}
