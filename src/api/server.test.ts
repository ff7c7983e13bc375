import { createServer } from "node:net";
import { generate } from "selfsigned";
import { afterEach, expect, test } from "vitest";
import { type ServedApi, type ServeOptions, serveApi } from "./server.ts";

const open: ServedApi[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

const app = {
  fetch: (_request: Request, env: { readonly incoming: { readonly socket: object } }) =>
    Response.json({ tls: "encrypted" in env.incoming.socket }),
};
const serve = async (options: Partial<ServeOptions> = {}) => {
  const served = await serveApi(app, { listen: { host: "127.0.0.1", port: 0 }, ...options });
  open.push(served);
  return served;
};

test("it answers at the address that it tells, and no more once it is closed", async () => {
  const served = await serve();

  expect(served.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(served.address)).json()).toEqual({ tls: false });
  await served.close();
  await expect(fetch(served.address)).rejects.toThrow();
});

test("a request that does not end is cut off at the close", async () => {
  const endless = { fetch: () => new Response(new ReadableStream({ start: (out) => out.enqueue(new Uint8Array(1)) })) };
  const served = await serveApi(endless, { listen: { host: "127.0.0.1", port: 0 }, sleep: async () => {} });
  const answer = await fetch(served.address);

  await served.close();

  await expect(answer.text()).rejects.toThrow();
});

test("with a certificate it speaks https", async () => {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }]);

  const served = await serve({ tls: { cert, key } });

  expect(served.address).toMatch(/^https:/);
  await expect(fetch(served.address)).rejects.toThrow(); // nobody here trusts the certificate
});

test("an address that others can reach needs TLS or a trusted proxy", async () => {
  const listen = { host: "0.0.0.0", port: 0 };

  await expect(serve({ listen })).rejects.toMatchObject({ code: "config_invalid", reason: "tls_needed" });
  await serve({ listen, trustedProxies: ["127.0.0.1"] });
});

test("a taken address and a broken certificate are told with what to do", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };

  await expect(serve({ listen: { host: "127.0.0.1", port } })).rejects.toMatchObject({
    reason: "listen_failed",
    message: expect.stringContaining("EADDRINUSE"),
  });
  other.close();
  await expect(serve({ tls: { cert: "no", key: "no" } })).rejects.toMatchObject({ reason: "tls_file" });
});
