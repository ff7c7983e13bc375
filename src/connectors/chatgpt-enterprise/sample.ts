import type { CheckContext, FileFeed, FilePage, UpstreamFile } from "../../model/connector.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Settings } from "./settings.ts";

const DAY_MS = 86_400_000;
const SAMPLE_FILES = 100;

type Feed = FileFeed<Settings>;

/** What listing the last day of one data source came to. */
export interface Sample {
  readonly page: FilePage | undefined;
  readonly error: CollectorError | undefined;
}

/** Lists each data source at most once during a connection test. */
export interface Sampler {
  sample(feed: Feed): Promise<Sample>;
  /** The files listed so far, of the chosen data sources that could be listed. */
  pages(): ReadonlyMap<Feed, readonly UpstreamFile[]>;
  /** Upstream's clock minus ours at the first answer. */
  skewMs(): number | undefined;
}

export function createSampler(ctx: CheckContext<Settings>): Sampler {
  const feeds = ctx.dataSources as readonly Feed[];
  const samples = new Map<string, Sample>();
  let skewMs: number | undefined;

  async function sample(feed: Feed): Promise<Sample> {
    const known = samples.get(feed.name);
    if (known) return known;
    const made = await listed(ctx, feed);
    samples.set(feed.name, made);
    const served = made.page?.servedAt;
    if (served !== undefined) skewMs ??= Date.parse(served) - ctx.now().getTime();
    return made;
  }

  return {
    sample,
    pages: () =>
      new Map(
        feeds.flatMap((feed) => {
          const page = samples.get(feed.name)?.page;
          return page ? [[feed, page.files] as const] : [];
        }),
      ),
    skewMs: () => skewMs,
  };
}

async function listed(ctx: CheckContext<Settings>, feed: Feed): Promise<Sample> {
  const after = new Date(ctx.now().getTime() - DAY_MS).toISOString();
  try {
    return { page: await feed.list(ctx, after, SAMPLE_FILES), error: undefined };
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    return { page: undefined, error };
  }
}
