// A PostgreSQL server of a test's own, for what nobody does to a server that others use: TLS, passwords, and a sudden death.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { administrator } from "./postgresql.ts";

const HOMES = "/usr/lib/postgresql";
const START_MS = 20_000;

export interface PostgresqlServer {
  readonly port: number;
  /** Of the role `postgres`. */
  readonly password: string;
  /** Ends it at once, without a word to its clients and without writing out what it has in memory. */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
  /** Kills it and removes its files. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly cert: string;
  readonly key: string;
  readonly password: string;
}

const programs = () =>
  (existsSync(HOMES) ? readdirSync(HOMES) : [])
    .map((version) => join(HOMES, version, "bin"))
    .filter((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")))
    .at(-1);

// The server refuses to run as root.
function otherUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Why no server can be made here; undefined where one can. */
export function withoutPostgresqlPrograms(): string | undefined {
  if (programs() === undefined) return `no PostgreSQL server below ${HOMES}`;
  try {
    otherUser();
    return undefined;
  } catch {
    return "root cannot run PostgreSQL, and there is no user postgres";
  }
}

/** Speaks TLS, and takes nobody without TLS or without a password (SCRAM). Close it after the test. */
export async function postgresqlServer({ cert, key, password }: ServerOptions): Promise<PostgresqlServer> {
  const bin = programs()!;
  const user = otherUser();
  const folder = mkdtempSync(join(tmpdir(), "cistern-postgresql-"));
  const own = (path: string) => user && chownSync(path, user.uid, user.gid);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    own(join(folder, name));
    return join(folder, name);
  };
  own(folder);
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  const initdb = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", write("password", password)];
  execFileSync(join(bin, "initdb"), [...initdb, "-E", "UTF8", "--locale=C", "--no-sync"], { ...user, cwd: folder });
  write("data/pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\n");
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    ssl: "on",
    ssl_cert_file: write("server.crt", cert),
    ssl_key_file: write("server.key", key),
    shared_buffers: "8MB",
    max_connections: 20,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  let running: ChildProcess | undefined;
  const kill = async () => {
    if (running === undefined || running.exitCode !== null) return;
    // Its own processes see that it is gone, and end.
    running.kill("SIGKILL");
    await once(running, "exit");
    running = undefined;
  };
  const start = async () => {
    running = spawn(join(bin, "postgres"), ["-D", data, ...options], { ...user, cwd: folder, stdio: "ignore" });
    await answers(port, password);
  };
  await start();
  return {
    port,
    password,
    kill,
    start,
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function answers(port: number, password: string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    try {
      const address = { host: "127.0.0.1", port, database: "postgres", user: "postgres", password };
      await (await administrator(address, { rejectUnauthorized: false })).end();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
