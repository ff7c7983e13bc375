// The syslog receiver of the demo: takes messages apart as a SIEM would, and says now and then what has come.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { CollectorError } from "../model/errors.ts";
import { plainText } from "./plain-text.ts";
import { spokenNumber } from "./table.ts";

const HOST = "127.0.0.1";
const FIRST_PORT = 7420;
const PORTS_TRIED = 50;
/** A line at the first message, and then at most so often. */
const SAY_EVERY_MS = 60_000;
const LONGEST_LENGTH = 8;

export interface DemoReceiver {
  readonly port: number;
  stop(): Promise<void>;
}

export interface ReceiverParts {
  readonly now: () => Date;
  /** One line for the person at the terminal. */
  readonly say: (line: string) => void;
}

/** Listens on loopback, on the first free port from 7420 on, for messages of RFC 5424 framed by their length. */
export async function startDemoReceiver(parts: ReceiverParts): Promise<DemoReceiver> {
  const sockets = new Set<Socket>();
  const note = teller(parts);
  const server = createServer((socket) => {
    sockets.add(socket);
    const read = frames(note);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    socket.on("data", (piece: Buffer) => {
      if (!read(piece)) socket.destroy();
    });
  });
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function listen(server: Server): Promise<void> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TRIED; port++) {
    server.listen(port, HOST);
    try {
      await once(server, "listening");
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  const last = FIRST_PORT + PORTS_TRIED - 1;
  throw new CollectorError("config_invalid", `No port is free between ${FIRST_PORT} and ${last}`, {
    reason: "address_taken",
    action: "Stop what listens there",
  });
}

/** Takes pieces of a stream and tells each whole message; false: this is no syslog with lengths. */
export function frames(message: (bytes: Buffer) => void): (piece: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      const space = rest.subarray(0, LONGEST_LENGTH).indexOf(" ");
      if (space < 0) return rest.length < LONGEST_LENGTH;
      const length = Number(rest.toString("latin1", 0, space));
      if (!Number.isSafeInteger(length) || length < 1) return false;
      if (rest.length < space + 1 + length) return true;
      message(rest.subarray(space + 1, space + 1 + length));
      rest = rest.subarray(space + 1 + length);
    }
  };
}

function teller({ now, say }: ReceiverParts): (message: Buffer) => void {
  let count = 0;
  let toldMs = Number.NEGATIVE_INFINITY;
  return (message) => {
    count += 1;
    const nowMs = now().getTime();
    if (nowMs - toldMs < SAY_EVERY_MS) return;
    toldMs = nowMs;
    const source = /data_source="([^"]{1,100})"/.exec(message.toString("utf8", 0, 2_000))?.[1] ?? "an unknown source";
    const messages = count === 1 ? "the first message has" : `${spokenNumber(count)} messages have`;
    say(`Syslog receiver: ${messages} come in, the latest from ${plainText(source)}.`);
  };
}
