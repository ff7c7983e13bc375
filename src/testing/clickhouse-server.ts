// A ClickHouse for tests: the engine itself, which chdb runs within a process, behind as much of ClickHouse's HTTP interface as an insert
// and a question need. It runs in a process of its own, because the engine keeps hundreds of megabytes and can only be ended that way.
// Started as a program, this file is that process.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";

const START_MS = 30_000;

export const clickhouseUser = "cistern";
export const clickhousePassword = "canary: pass'wörd 7";
const BASIC = `Basic ${Buffer.from(`${clickhouseUser}:${clickhousePassword}`).toString("base64")}`;

export interface ClickhouseServer {
  readonly url: string;
  /** False once it has died. */
  isRunning(): boolean;
  /** What the engine answers, row by row. Throws what it refuses. */
  rows<T>(sql: string): Promise<T[]>;
  /** Ends it at once, and removes its files. */
  close(): Promise<void>;
}

/** Starts it. Throws where the engine cannot be loaded on this machine. */
export async function clickhouseServer(): Promise<ClickhouseServer> {
  const folder = mkdtempSync(join(tmpdir(), "cistern-clickhouse-"));
  const child = spawn(process.execPath, ["--max-old-space-size=256", import.meta.filename, folder], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = `http://127.0.0.1:${await portOf(child)}`;
    return {
      url,
      isRunning: () => child.exitCode === null && child.signalCode === null,
      rows: (sql) => ask(url, sql),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

// The first line that it writes; where it ends instead, the last line of what it complained about.
async function portOf(child: ChildProcess): Promise<number> {
  let complaint = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });
  const line = once(createInterface({ input: child.stdout! }), "line", { signal: AbortSignal.timeout(START_MS) });
  const ended = once(child, "exit").then(() => Promise.reject(new Error(complaint.trim().split("\n").at(-1))));
  const [port] = (await Promise.race([line, ended])) as [string];
  ended.catch(() => undefined);
  return Number(port);
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const parameters = new URLSearchParams({ default_format: "JSONEachRow" });
  const answer = await fetch(`${url}/?${parameters}`, { method: "POST", headers: { authorization: BASIC }, body: sql });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as T]));
}

/** What the interface itself reads; the rest of the parameters are settings of the query. */
const OWN_PARAMETERS = ["query", "default_format", "wait_end_of_query"];
/** The status that ClickHouse gives to the errors of an insert; 500 to all others. */
const statuses: Readonly<Record<number, number>> = {
  ...{ 6: 400, 25: 400, 26: 400, 27: 400, 38: 400, 41: 400, 44: 400, 53: 400, 62: 400, 72: 400, 117: 400 },
  ...{ 47: 404, 60: 404, 81: 404, 115: 404, 497: 403, 516: 403 },
};

type Engine = (sql: string, format: string) => string;

async function main(folder: string): Promise<void> {
  const { Session } = await import("chdb");
  const session = new Session(join(folder, "data"), {
    connectionArgs: ["--max_threads=2", "--max_memory_usage=1000000000", "--output_format_json_quote_64bit_integers=0"],
  });
  const server = createServer((request, response) => {
    answer(request, response, (sql, format) => session.query(sql, format)).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
  // Whoever started this process has gone.
  process.stdin.on("end", () => process.exit()).resume();
}

async function answer(request: IncomingMessage, response: ServerResponse, engine: Engine): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const whole = Buffer.concat(pieces);
  const body = (request.headers["content-encoding"] === "gzip" ? gunzipSync(whole) : whole).toString("utf8");
  const parameters = new URL(request.url ?? "/", "http://clickhouse").searchParams;
  const headers = { "x-clickhouse-server-display-name": "chdb", "x-clickhouse-query-id": "of-a-test" };
  try {
    if (request.headers.authorization !== BASIC) throw new Error(REFUSED);
    const sql = withSettings(parameters, body);
    const text = engine(sql, parameters.get("default_format") ?? "TabSeparated");
    response.writeHead(200, { ...headers, "x-clickhouse-summary": "{}" }).end(text);
  } catch (error) {
    const said = (error as Error).message.replace("Query failed: ", "");
    const code = Number(/Code: (\d+)/.exec(said)?.[1] ?? 1002);
    response.writeHead(statuses[code] ?? 500, { ...headers, "x-clickhouse-exception-code": String(code) });
    response.end(`${said} (version 26.7.2.1)\n`);
  }
}

const REFUSED =
  "Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)";

/** The query, which may go on in the body, with the parameters as its settings. */
function withSettings(parameters: URLSearchParams, body: string): string {
  const settings = [...parameters]
    .filter(([name]) => !OWN_PARAMETERS.includes(name))
    .map(([name, value]) => `${name} = '${value.replace(/['\\]/g, "\\$&")}'`);
  const query = parameters.get("query");
  if (query === null) return body;
  if (settings.length === 0) return `${query}\n${body}`;
  return `${query.replace(/ FORMAT \w+$/, (format) => ` SETTINGS ${settings.join(", ")}${format}`)}\n${body}`;
}

if (process.argv[1] === import.meta.filename) await main(process.argv[2]!);
