// A syslog receiver on loopback that takes messages apart by the letter of RFC 5424, and can misbehave.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { TestCertificate } from "./certificates.ts";

export interface SyslogMessage {
  readonly facility: number;
  readonly severity: number;
  readonly time: string;
  readonly hostname: string;
  readonly application: string;
  readonly processId: string;
  readonly messageId: string;
  readonly dataId: string | undefined;
  readonly data: Readonly<Record<string, string>>;
  /** Whether a byte order mark stood in front of the text. */
  readonly isMarked: boolean;
  readonly text: string;
  /** Length of the whole message, without its frame. */
  readonly bytes: number;
}

export interface SyslogServerOptions {
  readonly framing?: "octet_counting" | "newline";
  /** With a certificate it speaks TLS. */
  readonly tls?: TestCertificate & { readonly ca?: string };
}

export interface SyslogServer {
  readonly port: number;
  readonly messages: readonly SyslogMessage[];
  /** Every byte that came, in order of arrival. */
  bytes(): Buffer;
  /** How many connections were made so far. */
  connections(): number;
  /** Ends its own side of every connection. */
  hangUp(): void;
  /** Breaks every connection off, and forgets what it has not read. */
  breakOff(): void;
  /** Whether it takes bytes from the connections that stand, and from new ones. */
  read(reads: boolean): void;
  /** Resolves once nothing has come for a while. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export async function syslogServer({
  framing = "octet_counting",
  tls,
}: SyslogServerOptions = {}): Promise<SyslogServer> {
  const messages: SyslogMessage[] = [];
  const pieces: Buffer[] = [];
  const sockets = new Set<Socket | TLSSocket>();
  let isReading = true;
  let connections = 0;
  const accept = (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    let rest: Buffer = Buffer.alloc(0);
    socket.on("data", (piece: Buffer) => {
      pieces.push(piece);
      const { frames, rest: left } = framesIn(Buffer.concat([rest, piece]), framing);
      rest = left;
      messages.push(...frames.map(messageOf));
    });
    if (!isReading) socket.pause();
  };
  const server: Server = tls
    ? createTlsServer({ ...tls, requestCert: tls.ca !== undefined }, accept).on("tlsClientError", () => undefined)
    : createServer(accept);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    bytes: () => Buffer.concat(pieces),
    connections: () => connections,
    hangUp() {
      for (const socket of sockets) socket.end();
    },
    breakOff() {
      for (const socket of sockets) socket.destroy();
    },
    read(reads) {
      isReading = reads;
      for (const socket of sockets) reads ? socket.resume() : socket.pause();
    },
    async quiet() {
      for (let before = -1; before !== pieces.length; ) {
        before = pieces.length;
        await new Promise((settle) => setTimeout(settle, 150));
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}

function framesIn(
  bytes: Buffer,
  framing: "octet_counting" | "newline",
): { readonly frames: Buffer[]; readonly rest: Buffer } {
  const frames: Buffer[] = [];
  let rest = bytes;
  while (true) {
    const at = rest.indexOf(framing === "newline" ? "\n" : " ");
    if (at === -1) return { frames, rest };
    if (framing === "newline") {
      frames.push(rest.subarray(0, at));
      rest = rest.subarray(at + 1);
      continue;
    }
    const count = rest.subarray(0, at).toString("latin1");
    if (!/^[1-9]\d{0,9}$/.test(count)) throw new Error(`No length of a frame: ${count}`);
    const end = at + 1 + Number(count);
    if (rest.length < end) return { frames, rest };
    frames.push(rest.subarray(at + 1, end));
    rest = rest.subarray(end);
  }
}

const HEADER =
  /^<(0|[1-9]\d{0,2})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) (-|(?:\[[^\]\\]*(?:\\.[^\]\\]*)*\])+)(?: (.*))?$/s;
const ELEMENT = /^\[([!#-<>-\\^-~]{1,32})((?: [!#-<>-\\^-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]$/s;

/** Throws where the bytes are no message of RFC 5424 with at most one element of structured data. */
export function messageOf(bytes: Buffer): SyslogMessage {
  const whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const [, priority, time, hostname, application, processId, messageId, structured, rest = ""] =
    HEADER.exec(whole) ?? [];
  if (structured === undefined || Number(priority) > 191) throw new Error(`No message: ${whole.slice(0, 300)}`);
  const [element, dataId, parameters = ""] = ELEMENT.exec(structured) ?? [];
  if (element === undefined && structured !== "-") throw new Error(`No structured data: ${structured}`);
  const pairs = [...parameters.matchAll(/ ([^=]+)="((?:[^"\\]|\\.)*)"/gs)];
  return {
    facility: Math.floor(Number(priority) / 8),
    severity: Number(priority) % 8,
    time: time!,
    hostname: hostname!,
    application: application!,
    processId: processId!,
    messageId: messageId!,
    dataId,
    data: Object.fromEntries(pairs.map(([, name, value]) => [name!, value!.replace(/\\(.)/gs, "$1")])),
    isMarked: rest.startsWith("\uFEFF"),
    text: rest.replace(/^\uFEFF/, ""),
    bytes: bytes.length,
  };
}
