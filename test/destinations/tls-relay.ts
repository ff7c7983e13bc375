import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { TestCertificate } from "../../src/testing/certificates.ts";

export interface TlsRelay {
  readonly port: number;
  close(): Promise<void>;
}

/** Takes TLS and passes on what is in it to a server on loopback that has none. `first` may change the server's first piece. */
export async function tlsRelay(
  to: { readonly host: string; readonly port: number },
  { cert, key }: TestCertificate,
  first: (piece: string) => string = (piece) => piece,
): Promise<TlsRelay> {
  const sockets = new Set<Socket>();
  const server = createServer({ cert, key }, (near) => {
    const far = connect(to);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
    far.once("data", (piece: Buffer) => {
      near.write(first(piece.toString("latin1")), "latin1");
      far.pipe(near);
    });
    near.pipe(far);
  });
  server.on("tlsClientError", () => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
