import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A whole request, its body still as it came over the wire. */
export interface LoopbackRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface LoopbackAnswer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

export interface LoopbackServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers HTTP on loopback until it is closed; a second closing does nothing. */
export async function loopbackServer(answer: (request: LoopbackRequest) => LoopbackAnswer): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { method = "", headers } = request;
      const url = new URL(request.url ?? "/", "http://loopback");
      const { status, headers: extra = {}, body = "" } = answer({ method, url, headers, body: Buffer.concat(pieces) });
      response.writeHead(status, { "content-type": "application/json", ...extra }).end(method === "HEAD" ? "" : body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let closed: Promise<unknown> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      closed ??= once(server, "close");
      server.closeAllConnections();
      server.close();
      await closed;
    },
  };
}

/** The body as text, gzip undone; undefined where its encoding is another or it is no gzip. */
export function plainBody({ headers, body }: LoopbackRequest): string | undefined {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return body.toString("utf8");
  if (encoding !== "gzip") return undefined;
  try {
    return gunzipSync(body).toString("utf8");
  } catch {
    return undefined;
  }
}
