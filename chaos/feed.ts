// The connector's way to one file, through the product's own outbound client.
import { connectors } from "../src/connectors/index.ts";
import { type Download, download } from "../src/engine/download.ts";
import { createOutbound, type Outbound, type OutboundOptions } from "../src/http/outbound.ts";
import type { FeedContext, FilePage, UpstreamFile } from "../src/model/connector.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemSleep } from "../src/runtime/clock.ts";
import { apiKey, workspaceId } from "./raw-upstream.ts";

export interface Way {
  list(): Promise<FilePage>;
  /** Resolves only with the bytes that were listed. */
  fetch(file: UpstreamFile): Promise<Download>;
  readonly outbound: Outbound;
}

/** A way to the upstream at `baseUrl`, with its own limits and name look-up where they are given. */
export function wayTo(baseUrl: string, options: Pick<OutboundOptions, "limits" | "resolve" | "ca"> = {}): Way {
  const connector = connectors[0]!;
  const feed = connector.resolve("conversations")!;
  const seams = { now: systemNow, monotonicMs: systemMonotonicMs, sleep: systemSleep, random: systemRandom };
  const outbound = createOutbound({ ...seams, version: "chaos", ...options });
  const settings = connector.settings.parse({ token: apiKey, workspace_id: workspaceId, base_url: baseUrl });
  const credential = connector.credential(settings);
  const upstream = outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: 100_000 });
  const ctx: FeedContext<typeof settings> = {
    settings,
    upstream,
    now: systemNow,
    signal: new AbortController().signal,
  };
  return {
    list: () => feed.list(ctx, "2026-01-01T00:00:00Z", 100),
    fetch: async (file) => download(await feed.open(ctx, file), file),
    outbound,
  };
}

/** The code and reason of what was thrown; undefined where nothing was. A bug of ours is thrown on. */
export async function refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const { name, code, reason } = error as { name?: string; code?: string; reason?: string };
    if (name !== "CollectorError") throw error;
    return reason === undefined ? String(code) : `${code}/${reason}`;
  }
}
