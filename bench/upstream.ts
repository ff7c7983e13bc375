// A static file server in a process of its own: lists the corpus as upstream would and serves the files from disk.
// Run: node bench/upstream.ts CORPUS.json; prints its base URL.
import { createReadStream, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CorpusFile } from "./corpus.ts";

const files = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as CorpusFile[];

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const last = url.pathname.split("/").at(-1) ?? "";
  if (last === "logs") return json(response, page(url.searchParams));
  if (last === "max_event_time") return json(response, { max_event_time: {} });
  const file = files.find(({ id }) => id === last);
  if (!file) return json(response, { detail: "Not found" }, 404);
  if (url.pathname.startsWith("/files/")) {
    response.writeHead(200, { "content-length": file.size, "content-type": "application/x-ndjson" });
    return void createReadStream(file.path, { highWaterMark: 1 << 20 }).pipe(response);
  }
  response.writeHead(307, { location: `http://127.0.0.1:${port()}/files/${file.id}` }).end();
});

function page(query: URLSearchParams) {
  const after = Date.parse(query.get("after") ?? "");
  const later =
    query.get("event_type") === "CONVERSATION_MESSAGE"
      ? files.filter(({ endTime }) => Date.parse(endTime) > after)
      : [];
  const shown = later.slice(0, Number(query.get("limit") ?? 100));
  const data = shown.map(({ id, endTime, size, sha256 }) => ({
    id,
    event_type: "CONVERSATION_MESSAGE",
    end_time: endTime,
    file_name: `${id}.jsonl`,
    file_size: size,
    file_sha256: sha256,
  }));
  return { data, has_more: later.length > shown.length, last_end_time: shown.at(-1)?.endTime ?? null };
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const port = () => (server.address() as AddressInfo).port;
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${port()}/v1\n`));
process.on("SIGTERM", () => process.exit(0));
