// What reading every event has told, and the chains that hold the files together.
import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { type ChainHead, checkChains } from "../../store/sqlite/chain-check.ts";
import { readErasures } from "../../store/sqlite/erasure-log.ts";
import { type Check, Findings, nameOf, pages, RESTORE, rows, type SourceName, STAYS, violationsOf } from "./examine.ts";

export const bytesCheck: Check = {
  id: "bytes",
  invariant: "I12",
  title: "Every event's bytes are as they were stored",
  run({ survey }) {
    const { events, found } = survey();
    return { examined: events, violations: found.bytes.list() };
  },
};

const MOST_LINKS = 1_000;

/** `expected`: heads that were noted earlier. */
export const chainCheck = (expected: readonly ChainHead[]): Check => ({
  id: "chain",
  invariant: "I13",
  title: "The log chain is unbroken, and holds the events that were collected",
  run({ db, progress, survey }) {
    const bar = progress("Following the log chain");
    const { links, faults } = checkChains(db, {
      mostFaults: MOST_LINKS,
      onLinks: (done, total) => bar.update(done, total),
    });
    bar.end();
    const findings = new Findings();
    for (const { key, fileId, what } of faults) {
      const place = `${key.dataSource} of ${key.collectorId}${fileId === undefined ? "" : `, file ${fileId}`}: ${what}`;
      findings.add("The log chain is broken", RESTORE, place);
    }
    for (const place of missedHeads(db, expected))
      findings.add("The log chain is not the one whose head was noted", BY_PLAN, place);
    return { examined: links, violations: [...findings.list(), ...survey().found.digest.list()] };
  },
});

const BY_PLAN =
  "Where a collector was removed or a backup restored on purpose, note the heads anew with cistern doctor --json; otherwise somebody has put another log in place";

/** Heads of which the chain has no such link. */
function missedHeads(db: Parameters<typeof rows>[0], expected: readonly ChainHead[]): readonly string[] {
  const links = db.prepare(
    `SELECT hex(f.chain) AS chain FROM files f JOIN sources s ON s.source = f.source
     WHERE s.collector_id = ? AND s.data_source = ? AND f.link = ?`,
  );
  return expected
    .filter(({ links: count }) => count > 0)
    .filter(({ collectorId, dataSource, links: count, head }) => {
      const found = links.get(collectorId, dataSource, count) as { chain: string } | undefined;
      return found?.chain.toLowerCase() !== head.toLowerCase();
    })
    .map(({ collectorId, dataSource, links: count }) => `${dataSource} of ${collectorId}, link ${count}`);
}

interface ReportRow {
  readonly key: number;
  readonly report_id: string;
  readonly sha256: string | null;
  readonly document: Uint8Array;
}

export const reportsCheck: Check = {
  id: "reports",
  invariant: "I13",
  title: "Every completeness report is as it was issued",
  run({ db }) {
    const findings = new Findings();
    let examined = 0;
    const page = `SELECT rowid AS key, report_id, sha256, document FROM reports
      WHERE rowid > ? AND document IS NOT NULL ORDER BY rowid LIMIT 10`;
    for (const some of pages<ReportRow>(db, page))
      for (const { report_id, sha256, document } of some) {
        examined += 1;
        if (sha256Of(document) !== sha256) findings.add("Reports are not as they were issued", RESTORE, report_id);
      }
    return { examined, violations: findings.list() };
  },
};

/** Undefined where what is stored is no document. */
function sha256Of(document: Uint8Array): string | undefined {
  try {
    return createHash("sha256").update(zstdDecompressSync(document)).digest("hex");
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** A restore makes every erasure of the log again. */
const REPLAY = "Stop the server, make a backup and restore it: that makes every erasure of erasures.log again";

interface TombstoneRow extends SourceName {
  readonly hash: string;
}

export const erasuresCheck: Check = {
  id: "erasures",
  invariant: "I17",
  title: "What was erased is not stored, and stays erased after a restore",
  run({ db, dataDir, survey }) {
    const logged = new Set(
      readErasures(dataDir).map((erasure) => keyOf(erasure.collectorId, erasure.dataSource, hex(erasure.hash))),
    );
    const sources = rows<SourceName>(db, `SELECT collector_id, data_source FROM sources s WHERE ${STAYS}`);
    const tombstones = rows<TombstoneRow>(
      db,
      `SELECT s.collector_id, s.data_source, lower(hex(hash)) AS hash FROM tombstones t JOIN sources s ON s.source = t.source
       WHERE ${STAYS}`,
    );
    const held = new Set(tombstones.map((row) => keyOf(row.collector_id, row.data_source, row.hash)));
    const known = new Set(sources.map((source) => keyOf(source.collector_id, source.data_source, "")));
    const unlogged = tombstones.filter((row) => !logged.has(keyOf(row.collector_id, row.data_source, row.hash)));
    const unmade = [...logged].filter((key) => known.has(`${key.slice(0, key.lastIndexOf("\n"))}\n`) && !held.has(key));
    return {
      examined: tombstones.length,
      violations: [
        ...survey().found.erased.list(),
        ...violationsOf(
          "Erasures are missing in erasures.log, which a restore needs",
          "Put erasures.log back from the last copy of the data folder",
          unlogged.map((row) => `${nameOf(row)}, ${row.hash.slice(0, 16)}…`),
        ),
        ...violationsOf(
          "Erasures of erasures.log were not made, or have lost their tombstones",
          REPLAY,
          unmade.map((key) => key.split("\n").slice(0, 2).reverse().join(" of ")),
        ),
      ],
    };
  },
};

const keyOf = (collectorId: string, dataSource: string, hash: string) => `${collectorId}\n${dataSource}\n${hash}`;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
