import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createState } from "./create-state.ts";
import { STREAMS } from "./event-types.ts";
import type { SandboxKey } from "./keys.ts";
import { type SandboxOptions, settingsOf } from "./options.ts";
import { type PublishedFile, type PublishedQuery, publishedFiles } from "./oracle.ts";
import type { Quirks } from "./quirks.ts";
import { apiApp } from "./routes/api.ts";
import { storageListener } from "./routes/storage.ts";
import type { Counters } from "./state.ts";

/** A running emulator of the compliance API. */
export interface Sandbox {
  /** Base URL for clients, ending in `/v1`. */
  readonly baseUrl: string;
  /** Origin of the signed storage host. */
  readonly storageUrl: string;
  readonly workspaceId: string;
  readonly organizationId: string;
  /** The key with every read scope. */
  readonly key: string;
  /** All keys, the one above first. */
  readonly keys: readonly SandboxKey[];
  /** The key of this name, such as `only-audit-log`. Throws a `RangeError` when there is none. */
  keyNamed(name: string): string;
  /** What a faultless client would hold now: every published file that is not aged out, stream by stream, oldest first. */
  published(query?: PublishedQuery): Iterable<PublishedFile>;
  /** The quirks in force. */
  quirks(): Quirks;
  /** Changes quirks. What files hold changes for files published from now on only. */
  setQuirks(changes: Partial<Quirks>): void;
  /** Revokes a key, or restores it. Throws a `RangeError` when there is none of this name. */
  setRevoked(name: string, revoked: boolean): void;
  /** Moves the clock, and with it what is published, by so many milliseconds. */
  advance(ms: number): void;
  /** What has been asked so far. */
  readonly counters: Counters;
  /** The sandbox's clock (ms). */
  now(): number;
  /** Ends both listeners and every open connection. */
  close(): Promise<void>;
}

/** Starts both hosts. Resolves once they answer; history is made when it is first asked for. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = settingsOf(options);
  const state = createState(settings);
  const storage = await listen(storageListener(state), settings.host, settings.storagePort);
  const api = await listen(
    getRequestListener(apiApp(state, () => storage.url).fetch),
    settings.host,
    settings.port,
  ).catch(async (error: unknown) => {
    await storage.close();
    throw error;
  });
  const named = (name: string) => {
    const key = state.keys.named(name);
    if (!key) throw new RangeError(`No key is named '${name}'`);
    return key;
  };
  return {
    baseUrl: `${api.url}/v1`,
    storageUrl: storage.url,
    workspaceId: state.ids.workspaceId,
    organizationId: state.ids.organizationId,
    key: named("all-read").key,
    keys: state.keys.list().map(({ name, key, scopes }) => ({ name, key, scopes })),
    keyNamed: (name) => named(name).key,
    published: (query) => publishedFiles(state.archive, STREAMS, query),
    quirks: () => state.quirks.current(),
    setQuirks: state.setQuirks,
    setRevoked: (name, revoked) => {
      named(name).revoked = revoked;
    },
    advance: state.advance,
    counters: state.counters,
    now: state.now,
    close: async () => {
      await Promise.all([api.close(), storage.close()]);
    },
  };
}

interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer(listener);
  // Longer than clients keep idle connections: they close first, and no request meets a connection that is just ending.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${shown}:${address.port}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
