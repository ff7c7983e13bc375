import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { TestCertificate } from "../../src/testing/certificates.ts";
import { freePort, type LocalProgram, listens, startProgram, until } from "./local-program.ts";

const QUIET_MS = 1_000;

/** One message as rsyslog wrote it to its file; control characters stand there as it escapes them, LF as #012. */
export interface WrittenMessage {
  readonly priority: string;
  readonly hostname: string;
  readonly application: string;
  readonly messageId: string;
  /** Of the structured data. */
  readonly key: string | undefined;
  readonly part: string | undefined;
  readonly text: string;
}

export interface RsyslogServer {
  readonly port: number;
  /** What stands in its file, once nothing has been added for a second. */
  written(): Promise<readonly WrittenMessage[]>;
  /** Ends without any time to finish. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface RsyslogOptions {
  readonly tls: TestCertificate;
  readonly ca: string;
  /** `anon` takes every client, `x509/certvalid` those with a certificate of the authority. */
  readonly clients?: "anon" | "x509/certvalid";
  /** Default: rsyslog's own, 8,096 bytes. */
  readonly maxMessageSize?: string;
}

/** An rsyslogd of its own on loopback, over TLS, that writes every message to a file. */
export async function rsyslogServer(path: string, options: RsyslogOptions): Promise<RsyslogServer> {
  const folder = mkdtempSync(join(tmpdir(), "cistern-rsyslog-"));
  const port = await freePort();
  const file = join(folder, "messages");
  writeFileSync(join(folder, "conf"), configuration(folder, port, options));
  let program: LocalProgram | undefined;
  const server: RsyslogServer = {
    port,
    async written() {
      const size = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      for (let before = -1; before !== size(); ) {
        before = size();
        await wait(QUIET_MS);
      }
      return size() === 0 ? [] : readFileSync(file, "utf8").split("\n").slice(0, -1).map(messageOf);
    },
    kill: async () => program?.stop(),
    async start() {
      rmSync(join(folder, "pid"), { force: true });
      program = startProgram(path, ["-n", "-f", join(folder, "conf"), "-i", join(folder, "pid")]);
      await until(() => listens(port), program);
    },
    async close() {
      await program?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

function configuration(folder: string, port: number, options: RsyslogOptions): string {
  const { ca, clients = "anon", maxMessageSize, tls } = options;
  const kept = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return `
global(
  workDirectory="${folder}"
  ${maxMessageSize === undefined ? "" : `maxMessageSize="${maxMessageSize}"`}
  defaultNetstreamDriver="ossl"
  defaultNetstreamDriverCAFile="${kept("ca.pem", ca)}"
  defaultNetstreamDriverCertFile="${kept("cert.pem", tls.cert)}"
  defaultNetstreamDriverKeyFile="${kept("key.pem", tls.key)}"
)
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="${clients}")
input(type="imtcp" address="127.0.0.1" port="${port}")
template(name="line" type="list" option.jsonf="on") {
  property(outname="priority" name="pri" format="jsonf")
  property(outname="hostname" name="hostname" format="jsonf")
  property(outname="application" name="app-name" format="jsonf")
  property(outname="messageId" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
}
action(type="omfile" file="${join(folder, "messages")}" template="line")
`;
}

function messageOf(line: string): WrittenMessage {
  const { data, ...rest } = JSON.parse(line) as Omit<WrittenMessage, "key" | "part"> & { readonly data: string };
  const parameter = (name: string) =>
    new RegExp(` ${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(data)?.[1]?.replace(/\\(.)/g, "$1");
  return { ...rest, key: parameter("key"), part: parameter("part") };
}
