// The server towards other machines: TLS with its cookie, host names, and an end within seconds whatever hangs on it.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterEach, expect, test } from "vitest";
import { administrator, type ServedProduct, serveProduct } from "./served-product.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** A server with a certificate of its own for `localhost`, and that certificate. */
async function serveWithTls(): Promise<{ readonly server: ServedProduct; readonly cert: string }> {
  const folder = mkdtempSync(join(tmpdir(), "cistern-serving-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  writeFileSync(join(folder, "cert.pem"), cert);
  writeFileSync(join(folder, "key.pem"), key, { mode: 0o600 });
  const args = ["--tls-cert", join(folder, "cert.pem"), "--tls-key", join(folder, "key.pem")];
  const server = await serveProduct(join(folder, "data"), { args: ["--listen", "0.0.0.0:0", ...args] });
  cleanUp.push(() => server.child.kill("SIGKILL"));
  return { server, cert };
}

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

async function ask(
  { server, cert }: { readonly server: ServedProduct; readonly cert: string },
  path: string,
  { host = "localhost", body }: { readonly host?: string; readonly body?: unknown } = {},
): Promise<Answered> {
  const { port } = new URL(server.address);
  const headers = {
    host: `${host}:${port}`,
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "x-cistern": "1", origin: `https://${host}:${port}` }),
  };
  const method = body === undefined ? "GET" : "POST";
  const asked = request({ host: "127.0.0.1", servername: "localhost", port, path, method, headers, ca: cert });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() };
}

test("with TLS the session is a __Host- cookie for https alone, and an unknown host name is refused", async () => {
  const served = await serveWithTls();

  const setUp = await ask(served, "/api/v1/setup", { body: { token: served.server.setupToken, ...administrator } });
  const elsewhere = await ask(served, "/", { host: "evil.example" });

  expect(setUp.status).toBe(201);
  const [cookie = ""] = setUp.headers["set-cookie"] as readonly string[];
  expect(cookie).toMatch(/^__Host-cistern_session=/);
  for (const part of ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"]) expect(cookie).toContain(part);
  expect(elsewhere.status).toBe(421);
  expect(JSON.parse(elsewhere.text)).toMatchObject({ code: "unknown_host" });
  expect(await served.server.stop()).toBe(0);
});

test("a second signal ends the server at once", async () => {
  const { server } = await serveWithTls();

  server.child.kill("SIGTERM");
  server.child.kill("SIGTERM");
  const [code] = await once(server.child, "exit");

  // Both may arrive before the first was looked at: then the orderly end comes first.
  expect([0, 143]).toContain(code);
});

test("a connection that never speaks TLS does not hold up the end", async () => {
  const { server } = await serveWithTls();
  const silent = connect(Number(new URL(server.address).port), "127.0.0.1");
  cleanUp.push(() => silent.destroy());
  silent.on("error", () => undefined);
  await once(silent, "connect");

  const ended = await Promise.race([server.stop(), new Promise((r) => setTimeout(r, 15_000, "still there").unref())]);

  expect(ended).toBe(0);
});
