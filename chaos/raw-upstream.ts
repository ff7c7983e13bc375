// An upstream in this process whose every byte is in our hand: it lists files, redirects to them, and serves what it is told to.
import { hash } from "node:crypto";
import type { Socket } from "node:net";
import { type RawServer, rawAnswer, rawServer } from "../src/testing/raw-server.ts";

export interface OwnFile {
  readonly id: string;
  readonly endTime: string;
  readonly bytes: Buffer;
}

export interface RawUpstream {
  readonly baseUrl: string;
  readonly server: RawServer;
}

/** Writes the whole answer for a file to the socket. */
export type ServeFile = (socket: Socket, file: OwnFile) => void;

export const workspaceId = "0f9c7e1a-1111-4222-8333-444455556666";
export const apiKey = "sk-chaos-0000000000000000";

export const whole: ServeFile = (socket, { bytes }) => {
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`);
  socket.write(bytes);
};

/** A collector's upstream with these files; how one is served is decided anew each time. */
export async function rawUpstream(files: readonly OwnFile[], serve: ServeFile): Promise<RawUpstream> {
  const byId = new Map(files.map((file) => [file.id, file]));
  const server = await rawServer((socket, head) => {
    const url = new URL(head.split(" ")[1] ?? "/", "http://upstream");
    const file = byId.get(url.pathname.split("/").at(-1) ?? "");
    if (url.pathname.endsWith("/logs")) socket.write(json(page(files, url.searchParams)));
    else if (file === undefined) socket.write(rawAnswer(404, "{}", { "content-type": "application/json" }));
    else if (url.pathname.startsWith("/signed/")) serve(socket, file);
    else socket.write(rawAnswer(307, "", { location: `${server.origin}/signed/${file.id}` }));
  });
  return { baseUrl: `${server.origin}/v1`, server };
}

const json = (body: object) => rawAnswer(200, JSON.stringify(body), { "content-type": "application/json" });

function page(files: readonly OwnFile[], query: URLSearchParams) {
  const isWanted = query.get("event_type") === "CONVERSATION_MESSAGE";
  const after = Date.parse(query.get("after") ?? "");
  const later = isWanted ? files.filter(({ endTime }) => Date.parse(endTime) > after) : [];
  const shown = later.slice(0, Number(query.get("limit") ?? 100));
  const data = shown.map(({ id, endTime, bytes }) => ({
    id,
    event_type: "CONVERSATION_MESSAGE",
    end_time: endTime,
    file_name: `${id}.jsonl`,
    file_size: bytes.length,
    file_sha256: hash("sha256", bytes),
  }));
  return { data, has_more: later.length > shown.length, last_end_time: shown.at(-1)?.endTime ?? null };
}
