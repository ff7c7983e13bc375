import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpRelay {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Connections that it has taken so far. */
  readonly taken: number;
  /** Breaks every connection, as a cable that is pulled; new ones are taken. */
  cut(): void;
  /** Passes nothing on any more and says nothing of it, as a firewall that has forgotten the connections of now. */
  mute(): void;
  /** Breaks every connection and takes no more; a second closing does nothing. */
  close(): Promise<void>;
}

/** Stands between a client and a server on loopback, so that a test can take the server away and leave it running for others. */
export async function tcpRelay(to: { readonly host: string; readonly port: number }): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  };
  let taken = 0;
  const server = createServer((near) => {
    taken += 1;
    const far = connect(to);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(one);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return sockets.size / 2;
    },
    get taken() {
      return taken;
    },
    cut,
    mute() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async close() {
      cut();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}
