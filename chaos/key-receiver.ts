// A receiver of deliveries that notes every key it takes, and can be as bad as receivers are.

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { CleanUp } from "./part.ts";

/** What it does with a request instead of taking it. True: it has answered, or never will. */
export type Misdeed = (response: ServerResponse) => boolean;

export interface KeyReceiver {
  readonly url: string;
  /** How often each key has come. */
  readonly taken: ReadonlyMap<string, number>;
  misdeed: Misdeed;
  /** Told after each request that was taken. */
  onTaken: (() => void) | undefined;
}

/** With which a webhook delivers to it. */
export const webhookSettings = (url: string) => ({ url, body: "ndjson", allow_networks: "127.0.0.0/8" });

/** Takes bodies of one JSON object a line, `key` in each. */
export async function keyReceiver(cleanUp: CleanUp): Promise<KeyReceiver> {
  const taken = new Map<string, number>();
  const receiver: Omit<KeyReceiver, "url"> = { taken, misdeed: () => false, onTaken: undefined };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("error", () => undefined).on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      if (receiver.misdeed(response)) return;
      const body = Buffer.concat(pieces);
      const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body).toString() : body.toString();
      for (const line of text.split("\n").filter((one) => one !== "")) {
        const { key } = JSON.parse(line) as { readonly key: string };
        taken.set(key, (taken.get(key) ?? 0) + 1);
      }
      response.writeHead(204).end();
      receiver.onTaken?.();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(receiver, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
}
