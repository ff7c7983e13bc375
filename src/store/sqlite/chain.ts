// The log chain: every done file of a data source is linked to the one before it, so that nothing of the log can be changed,
// taken out, put in or moved without breaking a link or the head. A link is SHA-256 over the link before it, the digest of the
// file's events (see event-digest.ts) and the file's row. It is not keyed: whoever can write the database can make a new chain,
// but not one that ends in a head that was noted elsewhere.
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { DataSourceKey } from "../../model/event.ts";
import { type Query, query } from "./connection.ts";

/** Stands for the digest of a file whose events had gone before there was a chain. */
const NO_DIGEST = new Uint8Array(32);

/** Everything of a done file's row that never changes again, its stamp by content. Goes on with WHERE. */
export const SELECT_FACTS = `SELECT f.link, f.file, f.file_id, f.end_time, f.end_us, f.size, f.sha256, f.listed_at, f.attempts,
    f.acknowledged_at, f.acknowledged_by, f.done_at, f.done_us, p.site_name, p.site_id, p.timezone, f.done_sha256, f.verified,
    f.lines, f.inserted, f.duplicates, f.conflicts, f.quarantined, f.tombstoned, f.first_seq, f.last_seq, f.min_key, f.max_key
  FROM files f LEFT JOIN stamps p ON p.stamp = f.stamp`;

/** A row of SELECT_FACTS. */
export type LinkFacts = Readonly<Record<string, string | number | bigint | null>>;

/** What stands before the first link. It binds the chain to the name of its data source. */
export const chainStart = ({ collectorId, dataSource }: DataSourceKey): Uint8Array =>
  createHash("sha256")
    .update(JSON.stringify(["cistern log chain", 1, collectorId, dataSource]))
    .digest();

/** The link after `before`. `digest`: null where the events had gone before there was a chain. */
export const linkAfter = (before: Uint8Array, digest: Uint8Array | null, facts: LinkFacts): Uint8Array =>
  createHash("sha256")
    .update(before)
    .update(digest ?? NO_DIGEST)
    .update(factsText(facts))
    .digest();

/** JSON: an array of the values. A number is written alike however it was read. */
const factsText = (facts: LinkFacts): string =>
  `[${Object.values(facts).map((value) => (typeof value === "bigint" ? value.toString() : JSON.stringify(value)))}]`;

interface Head {
  readonly collector_id: string;
  readonly data_source: string;
  readonly links: number;
  readonly chain: Uint8Array | null;
}

/** Links files to the head of their data source's chain. Called inside the caller's transaction. */
export class Chain {
  readonly #head: Query<Head>;
  readonly #facts: Query<LinkFacts>;
  readonly #link: Query;
  readonly #moveHead: Query;

  constructor(db: DatabaseSync) {
    this.#head = query(db, "SELECT collector_id, data_source, links, chain FROM sources WHERE source = ?");
    this.#facts = query(db, `${SELECT_FACTS} WHERE f.file = ?`);
    this.#link = query(db, "UPDATE files SET link = ?, digest = ?, chain = ? WHERE file = ?");
    this.#moveHead = query(db, "UPDATE sources SET links = ?, chain = ? WHERE source = ?");
  }

  /** The file has just become done; its row does not change from here on. */
  append(source: number, file: number, digest: Uint8Array | null): void {
    const { collector_id: collectorId, data_source: dataSource, links, chain } = this.#head.get(source)!;
    const facts = { ...this.#facts.get(file)!, link: links + 1 };
    const next = linkAfter(chain ?? chainStart({ collectorId, dataSource }), digest, facts);
    this.#link.run(links + 1, digest, next, file);
    this.#moveHead.run(links + 1, next, source);
  }
}
