import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { countRequest, type SandboxState } from "../state.ts";

/** The signed storage host: gives a file's bytes to whoever has a URL that is still good. */
export function storageListener(state: SandboxState): RequestListener {
  return (request, response) => {
    serve(state, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  };
}

async function serve(state: SandboxState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const quirks = state.quirks.current();
  response.setHeader("Date", new Date(state.now() + quirks.dateHeaderSkewMs).toUTCString());
  const url = new URL(request.url ?? "/", "http://storage");
  if (request.headers.authorization !== undefined) {
    state.counters.leakedAuthorizations += 1;
    return refuse(state, response, 400, "InvalidArgument", "Only one auth mechanism allowed");
  }
  if (request.method !== "GET" && request.method !== "HEAD")
    return refuse(state, response, 405, "MethodNotAllowed", "Only GET and HEAD");
  const checked = state.signer.check(url.pathname, url.searchParams, state.now());
  if ("refused" in checked) {
    const expired = checked.refused === "expired";
    return refuse(
      state,
      response,
      403,
      expired ? "AccessDenied" : "SignatureDoesNotMatch",
      expired ? "Request has expired" : "Signature does not match",
    );
  }
  const file = state.archive.find(checked.fileId);
  if (!file) return refuse(state, response, 404, "NoSuchKey", "The specified key does not exist");
  if (state.strikes("resetConnections", quirks.resetConnections, file.id)) {
    countRequest(state.counters, "storage", "reset");
    request.socket.resetAndDestroy();
    return;
  }
  countRequest(state.counters, "storage", 200);
  await send(state, file.id, faulty(state, file.id, state.archive.body(file)), request, response);
}

function refuse(state: SandboxState, response: ServerResponse, status: number, code: string, message: string): void {
  countRequest(state.counters, "storage", status);
  response.writeHead(status, { "Content-Type": "application/xml" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

function faulty(state: SandboxState, id: string, body: Buffer): Buffer {
  if (!state.strikes("corruptBodies", state.quirks.current().corruptBodies, id)) return body;
  const changed = Buffer.from(body);
  const position = Math.floor(changed.length / 2);
  changed[position] = (changed[position] ?? 0) ^ 1;
  return changed;
}

async function send(
  state: SandboxState,
  id: string,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const quirks = state.quirks.current();
  response.writeHead(200, { "Content-Type": "application/x-ndjson", "Content-Length": body.length });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  if (state.strikes("truncatedBodies", quirks.truncatedBodies, id)) {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  if (state.strikes("slowBodies", quirks.slowBodies, id))
    await trickle(state, body, quirks.slowBodyBytesPerSecond, response);
  else response.end(body);
}

const TRICKLE_STEP_MS = 100;

async function trickle(
  state: SandboxState,
  body: Buffer,
  bytesPerSecond: number,
  response: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  response.once("close", () => left.abort());
  const step = Math.max(1, Math.floor((bytesPerSecond * TRICKLE_STEP_MS) / 1000));
  for (let sent = 0; sent < body.length && !left.signal.aborted; sent += step) {
    response.write(body.subarray(sent, sent + step));
    await state.settings.sleep(TRICKLE_STEP_MS, left.signal);
  }
  response.end();
}
