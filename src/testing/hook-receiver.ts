import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedHook {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks on loopback. Close it after the test. */
export async function hookReceiver() {
  const hooks: ReceivedHook[] = [];
  const state = {
    status: 204,
    headers: {} as Record<string, string>,
    /** Decides by what came; undefined: `status` for all. */
    statusOf: undefined as ((hook: ReceivedHook) => number) | undefined,
  };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const hook = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      hooks.push(hook);
      response.writeHead(state.statusOf?.(hook) ?? state.status, state.headers).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hooks,
    /** How it answers from now on. */
    state,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Verifies a hook as its receiver would, by the text of Standard Webhooks. */
export function isSignedBy({ headers, body }: ReceivedHook, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const expected = createHmac("sha256", key).update(content).digest("base64");
  return String(headers["webhook-signature"]).split(" ").includes(`v1,${expected}`);
}
