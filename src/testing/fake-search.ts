import { CollectorError } from "../model/errors.ts";
import type { StoredEvent } from "../model/event.ts";
import type { SearchIndex, SearchQuery } from "../model/search.ts";

/** An index that finds every word of the query within an event's text; `(` is no query. */
export function fakeSearch(events: () => readonly StoredEvent[]) {
  const asked: SearchQuery[] = [];
  const find = (query: SearchQuery) => {
    asked.push(query);
    if (query.text.includes("("))
      throw new CollectorError("rejected", "A bracket is open at character 1", { reason: "query_invalid" });
    const words = query.text.split(/\s+/).filter((word) => word !== "");
    return events()
      .filter((event) => matches(event, query, words))
      .sort((a, b) => b.timeKey - a.timeKey || b.seq - a.seq);
  };
  const search: SearchIndex = {
    async search(query, { after, limit }) {
      const found = find(query);
      const start = after === undefined ? 0 : Number(after);
      const hits = found.slice(start, start + limit).map(({ seq, timeKey }) => ({ seq, timeKey }));
      return { hits, next: start + limit < found.length ? String(start + limit) : undefined };
    },
    count: async (query) => ({ count: find(query).length, exact: true }),
    async histogram(query, { from, to, stepMs }) {
      const counts = new Map<number, number>();
      for (const { timeKey } of find(query)) {
        const ms = timeKey / 1_000;
        const at = from + Math.floor((ms - from) / stepMs) * stepMs;
        if (ms >= from && ms < to) counts.set(at, (counts.get(at) ?? 0) + 1);
      }
      return [...counts].map(([at, count]) => ({ at, events: count })).sort((a, b) => a.at - b.at);
    },
    progress: async () => ({ indexedSeq: events().length, lastSeq: events().length, rebuilding: false }),
    close: async () => {},
  };
  return { asked, search };
}

function matches(event: StoredEvent, query: SearchQuery, words: readonly string[]) {
  const { types, sites, sources, fromUs = 0, toUs = Infinity } = query;
  const text = new TextDecoder().decode(event.raw);
  const inSources = sources?.some(
    (key) => key.collectorId === event.collectorId && key.dataSource === event.dataSource,
  );
  if (inSources === false || types?.includes(event.type) === false) return false;
  if (sites?.some((site) => site === event.siteId || site === event.siteName) === false) return false;
  return event.timeKey >= fromUs && event.timeKey < toUs && words.every((word) => word === "*" || text.includes(word));
}
