// A network that inspects TLS: upstream shows a certificate of the organisation's own authority. Collecting works once the
// operator names that authority, and is refused until then.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

let folder: string;
let sandbox: Sandbox;
let config: string;
let authority: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-authority-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const company = { people: 4, days: 1, eventsPerDay: 200, ratePerMinute: 0, live: false } as const;
  sandbox = await startSandbox({ port: 0, ...company, startAt: "2026-11-18T16:00:00Z" });
  cleanUp.push(() => sandbox.close());
  const { origin, cert } = await inspected();
  authority = join(folder, "authority.pem");
  writeFileSync(authority, cert);
  config = join(folder, "config.yaml");
  const settings = `{ token: "\${env:KEY}", workspace_id: ${sandbox.workspaceId}, base_url: "${origin}/v1" }`;
  writeFileSync(
    config,
    `collectors:\n  - { name: a, connector: chatgpt-enterprise, data_sources: [conversations], requests_per_minute: 6000, settings: ${settings} }\n`,
  );
});

/** Speaks TLS before both hosts of the sandbox: `/v1/…` is the API, `/storage/…` what signed addresses lead to. */
async function inspected(): Promise<{ readonly origin: string; readonly cert: string }> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "Reed & Water Inspection" }], {
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  let storage = "";
  const server = createServer({ cert, key }, (asked, answer) => {
    const path = asked.url ?? "";
    const target = path.startsWith("/storage/")
      ? new URL(path.slice("/storage".length), storage)
      : new URL(path, sandbox.baseUrl);
    const onward = request(target, { headers: { ...asked.headers, host: target.host } }, (got) => {
      const { location, ...headers } = got.headers;
      const signed = location === undefined ? undefined : new URL(location);
      if (signed) storage = signed.origin;
      const moved = signed && { location: `${origin}/storage${signed.pathname}${signed.search}` };
      answer.writeHead(got.statusCode ?? 502, { ...headers, ...moved });
      got.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    onward.end();
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin, cert };
}

const env = () => ({ KEY: sandbox.key, CISTERN_LOG_LEVEL: "warn" });

test("an authority that nobody named is refused, with the variable to name it in", async () => {
  const { code, stdout } = await runCli(["check", "--config", config, "--json"], env());

  const { steps } = JSON.parse(stdout) as { steps: { id: string; state: string; reason?: string; remedy?: string }[] };
  expect(code).toBe(1);
  expect(steps.find(({ state }) => state === "failed")).toMatchObject({
    id: "tls",
    reason: "certificate_untrusted",
    remedy: expect.stringContaining("NODE_EXTRA_CA_CERTS") as string,
  });
});

test("with the authority in NODE_EXTRA_CA_CERTS the test passes, and every event is collected in the engine's thread", async () => {
  const trusting = { ...env(), NODE_EXTRA_CA_CERTS: authority };
  const dataDir = join(folder, "data");

  const checked = await runCli(["check", "--config", config], trusting);
  const ran = await runCli(["run", "--config", config, "--data-dir", dataDir, "--until-caught-up", "--json"], trusting);

  const lines = [...sandbox.published({ type: "CONVERSATION_MESSAGE" })].flatMap(({ bytes }) =>
    bytes
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
  expect(checked).toMatchObject({ code: 0, stderr: "" });
  expect(ran).toMatchObject({ code: 0 });
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({ caught_up: true, events: new Set(lines).size, needs_person: [] });
});

test.each([
  ["a file that is not there", () => join(folder, "absent.pem")],
  ["a file that holds no certificate", () => config],
])("%s in NODE_EXTRA_CA_CERTS is wrong usage, not something to be passed over", async (_, file) => {
  const { code, stdout, stderr } = await runCli(["check", "--config", config], {
    ...env(),
    NODE_EXTRA_CA_CERTS: file(),
  });

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/cistern: The environment variable NODE_EXTRA_CA_CERTS names a file .*\n {2}\S/);
});
