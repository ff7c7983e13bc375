// The simulators of Microsoft's and Google's services, asked by clients that share nothing with ours: curl, with statements signed by
// openssl. What these get through, and what they are refused, is what the destinations' own tests rest on.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { googleSecopsSimulator } from "../../src/testing/google-secops-simulator.ts";
import { sentinelSimulator } from "../../src/testing/sentinel-simulator.ts";

const run = promisify(execFile);
const LIMIT_MS = 20_000;

const isThere = (program: string, argument: string) => {
  try {
    execFileSync(program, [argument], { stdio: "ignore", timeout: LIMIT_MS });
    return true;
  } catch {
    return false;
  }
};
const missing = [
  ["curl", "--version"],
  ["openssl", "version"],
  ["gzip", "--version"],
].filter(([program, argument]) => !isThere(program!, argument!));
const names = missing.map(([program]) => program).join(", ");
// On CI a missing program is no reason to skip: there the test runs, and fails.
const asked = test.skipIf(missing.length > 0 && process.env.CI !== "true");
const title = (text: string) => (names === "" ? text : `${text} (needs ${names}, which is not on this machine)`);

let folder: string;
let files = 0;
const cleanUp: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-curl-"));
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0)) await undo();
  rmSync(folder, { recursive: true, force: true });
});

async function curl(...options: readonly string[]) {
  const { stdout } = await run(
    "curl",
    ["-sS", "--max-time", "15", "--noproxy", "*", "-w", "\n%{http_code}", ...options],
    {
      timeout: LIMIT_MS,
    },
  );
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) };
}

const form = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).flatMap(([name, value]) => ["--data-urlencode", `${name}=${value}`]);

const tokenOf = ({ text }: { readonly text: string }) => (JSON.parse(text) as { access_token: string }).access_token;

/** A file of the test's own, for curl to send. */
function fileWith(content: string | Uint8Array): string {
  const path = join(folder, `${files++}`);
  writeFileSync(path, content);
  return path;
}

asked(
  title("Microsoft's simulator takes rows from curl, plain and compressed, and refuses what the service refuses"),
  async () => {
    const service = await sentinelSimulator({ EventId: "string", Sequence: "long" });
    cleanUp.push(service.close);
    const signIn = (changed: Readonly<Record<string, string>> = {}) =>
      curl(
        ...form({
          grant_type: "client_credentials",
          client_id: service.clientId,
          client_secret: service.clientSecret,
          scope: "https://monitor.azure.com/.default",
          ...changed,
        }),
        `${service.url}/${service.tenantId}/oauth2/v2.0/token`,
      );
    const path = `${service.url}/dataCollectionRules/${service.dcrId}/streams/${service.stream}`;
    const token = tokenOf(await signIn());
    const send = (
      file: string,
      bearer = token,
      options: readonly string[] = [],
      url = `${path}?api-version=2023-01-01`,
    ) =>
      curl(
        "-H",
        "Content-Type: application/json",
        "-H",
        `Authorization: Bearer ${bearer}`,
        ...options,
        "--data-binary",
        `@${file}`,
        url,
      );
    const rows = fileWith('[{"EventId":"curl-1","Sequence":1,"Undeclared":"gone"}]');
    const packed = fileWith('[{"EventId":"curl-2","Sequence":"not a number"}]');
    await run("gzip", [packed], { timeout: LIMIT_MS });
    const statusOf = async (answer: Promise<{ readonly status: number }>) => (await answer).status;

    expect(await send(rows)).toEqual({ status: 204, text: "" });
    expect(await statusOf(send(`${packed}.gz`, token, ["-H", "Content-Encoding: gzip"]))).toBe(204);
    expect(service.seen.rows).toEqual([{ EventId: "curl-1", Sequence: 1 }, { EventId: "curl-2" }]);

    expect(await statusOf(signIn({ client_secret: "wrong" }))).toBe(401);
    expect(await statusOf(signIn({ scope: "openid" }))).toBe(400);
    expect(await statusOf(send(rows, `${token.slice(0, -3)}AAA`))).toBe(401);
    expect(await statusOf(send(rows, tokenOf(await signIn({ scope: "https://management.azure.com/.default" }))))).toBe(
      401,
    );
    expect(await statusOf(send(rows, token, [], `${path}?api-version=2021-11-01-preview`))).toBe(400);
    expect(await statusOf(send(rows, token, [], `${path}_other?api-version=2023-01-01`))).toBe(400);
    expect(await statusOf(send(fileWith('{"EventId":"no array"}')))).toBe(400);
    expect(await statusOf(send(fileWith(JSON.stringify([{ EventId: "x".repeat(1_000_000) }]))))).toBe(413);
    service.seen.aheadMs = 3_600_000;
    expect(await statusOf(send(rows))).toBe(401);
    expect(service.seen.rows).toHaveLength(2);
  },
);

asked(
  title("Google's simulator takes logs from curl with a statement of openssl, and refuses what the service refuses"),
  async () => {
    const service = await googleSecopsSimulator();
    cleanUp.push(service.close);
    const keyFile = fileWith(service.key.private_key);
    const base64url = (text: string | Buffer) => Buffer.from(text).toString("base64url");
    const nowS = Math.floor(Date.now() / 1_000);
    const statement = async (changed: Readonly<Record<string, unknown>> = {}, kid = service.keyId) => {
      const claims = {
        iss: service.email,
        scope: "https://www.googleapis.com/auth/cloud-platform",
        aud: service.key.token_uri,
        iat: nowS,
        exp: nowS + 3_600,
        ...changed,
      };
      const text = `${base64url(JSON.stringify({ alg: "RS256", typ: "JWT", kid }))}.${base64url(JSON.stringify(claims))}`;
      const options = ["dgst", "-sha256", "-sign", keyFile, fileWith(text)];
      const { stdout } = await run("openssl", options, { timeout: LIMIT_MS, encoding: "buffer" });
      return `${text}.${base64url(stdout)}`;
    };
    const signIn = (assertion: string) =>
      curl(...form({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }), service.key.token_uri);
    const token = tokenOf(await signIn(await statement()));
    const instance = `projects/${service.project}/locations/${service.location}/instances/${service.instance}`;
    const send = (source: unknown, bearer = token) =>
      curl(
        ...["-H", "Content-Type: application/json", "-H", `Authorization: Bearer ${bearer}`],
        ...["--data-binary", `@${fileWith(JSON.stringify({ inlineSource: source }))}`],
        `${service.url}/v1alpha/${instance}/logTypes/${service.logType}/logs:import`,
      );
    const log = {
      data: Buffer.from("a line from curl").toString("base64"),
      logEntryTime: "2026-07-15T15:29:05Z",
      collectionTime: "2026-07-15T15:41:00.123Z",
      labels: { event_key: { value: "curl-1" } },
    };
    const source = { forwarder: `${instance}/forwarders/${service.forwarder}`, logs: [log] };
    const statusOf = async (answer: Promise<{ readonly status: number }>) => (await answer).status;

    expect(await send(source)).toEqual({ status: 200, text: "{}" });
    expect(await statusOf(send(source))).toBe(200);
    expect(service.seen.logs.map(({ text, labels }) => [text, labels.event_key])).toEqual([
      ["a line from curl", "curl-1"],
    ]);

    const good = await statement();
    expect(await statusOf(signIn(`${good.slice(0, -4)}AAAA`))).toBe(400);
    expect(await statusOf(signIn(await statement({ aud: "https://oauth2.googleapis.com/token" })))).toBe(400);
    expect(await statusOf(signIn(await statement({ iss: "somebody@else.example" })))).toBe(400);
    expect(await statusOf(signIn(await statement({ iat: nowS - 7_200, exp: nowS - 3_600 })))).toBe(400);
    expect(await statusOf(signIn(await statement({ exp: nowS + 7_200 })))).toBe(400);
    expect(await statusOf(signIn(await statement({}, "another-key")))).toBe(400);
    const narrow = tokenOf(
      await signIn(await statement({ scope: "https://www.googleapis.com/auth/devstorage.read_only" })),
    );
    expect(await statusOf(send(source, narrow))).toBe(403);
    expect(await statusOf(send(source, "made-up"))).toBe(401);
    expect(await statusOf(send({ ...source, logs: [{ ...log, data: "not base64!" }] }))).toBe(400);
    expect(await statusOf(send({ ...source, logs: [{ ...log, message: "no such field" }] }))).toBe(400);
    expect(await statusOf(send({ ...source, logs: [{ ...log, collectionTime: log.logEntryTime }] }))).toBe(400);
    expect(await statusOf(send({ ...source, forwarder: `${instance}/forwarders/another` }))).toBe(400);
    service.seen.aheadMs = 3_600_000;
    expect(await statusOf(send(source))).toBe(401);
    expect(service.seen.logs).toHaveLength(1);
  },
);
