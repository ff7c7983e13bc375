import type { DatabaseSync } from "node:sqlite";
import type { DataSourceKey } from "../../model/event.ts";
import { chainStart, type LinkFacts, linkAfter, SELECT_FACTS } from "./chain.ts";
import { query } from "./connection.ts";

/** The end of a data source's chain. Noted elsewhere, it proves later that everything up to it is as it was. */
export interface ChainHead extends DataSourceKey {
  readonly links: number;
  /** 64 hex digits; of a chain without a link, what stands before the first. */
  readonly head: string;
}

/** A place where the chain is broken. */
export interface ChainFault {
  readonly key: DataSourceKey;
  /** The link's file; undefined where it is the chain's end, or the link is missing. */
  readonly fileId: string | undefined;
  readonly what: string;
}

interface HeadRow {
  readonly source: number;
  readonly collectorId: string;
  readonly dataSource: string;
  readonly links: number;
  readonly chain: Uint8Array | null;
}

/** The digest and the link, beside the facts that the link covers. */
type LinkRow = LinkFacts & { readonly own_digest: Uint8Array | null; readonly own_chain: Uint8Array };

const LINKS_A_PAGE = 200;

/** Heads of the data sources whose collectors are not being removed. */
export const chainHeads = (db: DatabaseSync): readonly ChainHead[] => headRows(db).map(toHead);

const headRows = (db: DatabaseSync): readonly HeadRow[] =>
  query<HeadRow>(
    db,
    `SELECT source, collector_id AS "collectorId", data_source AS "dataSource", links, chain FROM sources
     WHERE collector_id IN (SELECT collector_id FROM collectors WHERE removing = 0) ORDER BY source`,
  ).all();

const toHead = ({ collectorId, dataSource, links, chain }: HeadRow): ChainHead => ({
  collectorId,
  dataSource,
  links,
  head: Buffer.from(chain ?? chainStart({ collectorId, dataSource })).toString("hex"),
});

/** What the check of the chains has found. */
export interface ChainCheck {
  readonly links: number;
  readonly faults: readonly ChainFault[];
}

/**
 * Follows every chain from its first link to its head, in short reads beside a writer. It covers the ledger's rows and the
 * digests; that the events are those of the digests is another check. Ends at `mostFaults`.
 */
export function checkChains(
  db: DatabaseSync,
  { mostFaults, onLinks }: { readonly mostFaults: number; readonly onLinks?: (done: number, total: number) => void },
): ChainCheck {
  const heads = headRows(db);
  const total = heads.reduce((sum, { links }) => sum + links, 0);
  const page = linkPages(db);
  const faults: ChainFault[] = [];
  let done = 0;
  const onLink = () => {
    done += 1;
    onLinks?.(done, total);
  };
  for (const head of heads)
    for (const fault of followChain(page, head, onLink)) {
      faults.push(fault);
      if (faults.length >= mostFaults) return { links: done, faults };
    }
  return { links: done, faults: [...faults, ...unlinked(db, mostFaults - faults.length)] };
}

type LinkPage = (source: number, after: number, upTo: number) => readonly LinkRow[];

// Numbers as BigInt: one that was tampered with may be larger than a JavaScript number.
function linkPages(db: DatabaseSync): LinkPage {
  const own = SELECT_FACTS.replace("SELECT", "SELECT f.digest AS own_digest, f.chain AS own_chain,");
  const statement = db.prepare(
    `${own} WHERE f.source = ? AND f.link > ? AND f.link <= ? ORDER BY f.link LIMIT ${LINKS_A_PAGE}`,
  );
  statement.setReadBigInts(true);
  return (...values) => statement.all(...values) as unknown as readonly LinkRow[];
}

/** Goes on from what is stored, so that one change is told at its own place. */
function* followChain(page: LinkPage, head: HeadRow, onLink: () => void): Iterable<ChainFault> {
  const key = { collectorId: head.collectorId, dataSource: head.dataSource };
  let before = chainStart(key);
  let last = 0;
  for (let rows = page(head.source, 0, head.links); rows.length > 0; rows = page(head.source, last, head.links))
    for (const { own_digest: digest, own_chain: chain, ...facts } of rows) {
      const link = Number(facts.link);
      const fileId = String(facts.file_id);
      if (link !== last + 1) yield { key, fileId: undefined, what: `${missing(last + 1, link - 1)} missing` };
      if (!same(linkAfter(before, digest, facts), chain))
        yield { key, fileId, what: `link ${link} is not what the link before it and its file's row make` };
      before = chain;
      last = link;
      onLink();
    }
  if (last !== head.links) yield { key, fileId: undefined, what: `${missing(last + 1, head.links)} missing` };
  else if (head.links === 0 ? head.chain !== null : !same(before, head.chain))
    yield { key, fileId: undefined, what: "the last link is not the head of the chain" };
}

const missing = (from: number, to: number) => (from === to ? `link ${from} is` : `links ${from} to ${to} are`);
const same = (a: Uint8Array, b: Uint8Array | null) => b !== null && Buffer.compare(a, b) === 0;

/** Files that are done and stand in no chain, or stand in one and are not done. One statement: a commit comes before it or after. */
function unlinked(db: DatabaseSync, limit: number): readonly ChainFault[] {
  const rows = query<{ collectorId: string; dataSource: string; file_id: string; state: string }>(
    db,
    `SELECT s.collector_id AS "collectorId", s.data_source AS "dataSource", f.file_id, f.state
     FROM files f JOIN sources s ON s.source = f.source JOIN collectors c ON c.collector_id = s.collector_id
     WHERE c.removing = 0 AND ((f.state = 'done') <> (f.link IS NOT NULL AND f.link BETWEEN 1 AND s.links)) LIMIT ?`,
  ).all(limit);
  return rows.map(({ collectorId, dataSource, file_id: fileId, state }) => {
    const what = state === "done" ? "done, and not in the chain" : `in the chain, and ${state}`;
    return { key: { collectorId, dataSource }, fileId, what };
  });
}
