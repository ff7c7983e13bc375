import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Collector } from "../model/collector.ts";
import { collectorDefaults } from "../model/collector.ts";
import type { Lease } from "../model/store.ts";
import { newSigningKey, type SigningKey } from "../security/signing.ts";
import { openSqliteReader, type SqliteReader } from "../store/sqlite/reader.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/store.ts";
import { fakeConnector } from "../testing/fake-connector.ts";
import { ALLOWANCE_MS, aFile, aLine, aScan, collect, KEY, minute } from "../testing/store-contract/fixture.ts";
import { canonical } from "./canonical.ts";
import type { ReportDocument, Statement } from "./document.ts";
import { createReports, signed } from "./issue.ts";
import { verifyReport } from "./verify.ts";

const collector: Collector = {
  ...collectorDefaults,
  id: KEY.collectorId,
  name: "prod <script>",
  connector: "acme",
  settings: { workspace: "w1" },
  dataSources: [KEY.dataSource, "audit-log"],
  pausedDataSources: [],
  siteId: undefined,
  timezone: undefined,
  start: undefined,
  retentionDays: undefined,
  paused: false,
  managedBy: "console",
  createdAt: minute(0),
  updatedAt: minute(0),
};

let folder: string;
let store: SqliteStore;
let reader: SqliteReader;
let lease: Lease;
let key: SigningKey;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-report-"));
  store = await openSqliteStore(folder);
  reader = openSqliteReader(folder);
  lease = await store.lease(KEY.collectorId, collector.dataSources);
  key = newSigningKey(randomBytes).key;
  clock = 100;
});
afterEach(async () => {
  await reader.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const reports = () =>
  createReports({
    reader,
    store,
    collector: (id) => (id === collector.id ? collector : undefined),
    connectors: [{ ...fakeConnector, resolve: () => fakeConnector.dataSources[0] }],
    signingKey: () => key,
    now: () => new Date(minute(clock++)),
    randomBytes,
    version: "1.2.3",
  });

async function issue(from = minute(-60), to = minute(60)) {
  const { id, document } = await reports().issue({ collectorId: collector.id, from, to, by: "sam" });
  return { id, document, report: JSON.parse(Buffer.from(document).toString()) as ReportDocument };
}

/** Two files done, one that waits, one that is set aside, one gone, a gap, and a scan that settles the first half hour. */
async function story() {
  await collect(store, lease, { id: "f1", end: -20 }, [aLine("e1"), aLine("e2"), { raw: "{", unreadable: "bad_line" }]);
  await collect(store, lease, { id: "f2", end: -10 }, [aLine("e2"), aLine("e3")]);
  await store.recordListing(lease, KEY, [aFile("waits", 5), aFile("bad", 10), aFile("gone", 15)], minute(60));
  const error = {
    code: "protocol",
    reason: "hash_mismatch",
    message: "no",
    action: undefined,
    at: minute(61),
  } as const;
  await store.failFile(lease, KEY, "bad", { state: "quarantined", error, retryAt: undefined, missingSince: undefined });
  await store.expireFile(lease, KEY, "gone", minute(61), ALLOWANCE_MS);
  for (const dataSource of collector.dataSources)
    await store.finishScan(lease, { ...KEY, dataSource }, aScan({ kind: "deep", since: minute(-50) }), ALLOWANCE_MS);
}

describe("a report", () => {
  test("says what is collected, what waits, what is missing and what is lost", async () => {
    await story();

    const { document, report } = await issue();

    expect(verifyReport(document)).toMatchObject({ faults: [] });
    expect(report).toMatchObject({
      collector: { id: "col_a", name: "prod <script>", connector: "acme" },
      interval: { from: "2026-07-15T11:00:00Z", to: "2026-07-15T13:00:00Z", minutes: 120 },
      issued_by: "sam",
      product: "Cistern 1.2.3",
      corrections: [],
    });
    const [source, other] = report.data_sources;
    expect(source).toMatchObject({
      name: "conversations",
      principal: "w1",
      upstream_type: "MESSAGE",
      complete: false,
      complete_through: minute(5),
      last_deep_scan: minute(60),
      minutes: {
        collected: 50,
        pending: 15,
        missing: 5,
        lost: 5,
        empty: 15,
        late_possible: 30,
        not_asked: 0,
        not_scanned: 0,
      },
      counts: {
        files: 5,
        files_done: 2,
        files_pending: 1,
        files_quarantined: 1,
        files_expired: 1,
        lines: 5,
        inserted: 3,
        duplicates: 1,
        quarantined: 1,
        tombstoned: 0,
        held: 3,
      },
      gaps: [{ from: "2026-07-15T12:10:00Z", to: "2026-07-15T12:15:00Z", reason: "expired_upstream", file_id: "gone" }],
      holes: [
        { file_id: "waits", state: "pending" },
        { file_id: "bad", state: "quarantined", error: "hash_mismatch" },
      ],
      rehash: { events: 3, mismatched: [] },
    });
    expect(source?.files.map(({ id }) => id)).toEqual(["f1", "f2", "waits", "bad", "gone"]);
    expect(other).toMatchObject({ name: "audit-log", complete: false, minutes: { not_asked: 10, empty: 80 } });
  });

  test("an interval that is whole says so", async () => {
    await story();

    const { document, report } = await issue(minute(-40), minute(-10));

    expect(report.data_sources.map(({ complete }) => complete)).toEqual([true, true]);
    expect(verifyReport(document, [key.publicKey]).faults).toEqual([]);
  });

  test("bytes that changed on the disk are found and named by their position", async () => {
    await story();
    const db = new DatabaseSync(join(folder, "cistern.db"));
    // What keeps our own statements from it does not keep a failing disk from it.
    const guards = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'").all();
    for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
    db.exec("UPDATE events SET raw = x'7b7d' WHERE event_id = 'e3'");
    const { seq } = db.prepare("SELECT seq FROM events WHERE event_id = 'e3'").get() as { seq: number };
    db.close();

    const { document, report } = await issue(minute(-40), minute(-10));

    expect(report.data_sources[0]).toMatchObject({ complete: false, rehash: { events: 3, mismatched: [seq] } });
    expect(verifyReport(document).faults).toEqual([]);
  });

  test("progress counts the events that are hashed again", async () => {
    await story();
    const told: [number, number][] = [];

    await reports().issue({
      collectorId: collector.id,
      from: minute(-60),
      to: minute(60),
      by: "sam",
      onProgress: (done, total) => told.push([done, total]),
    });

    expect(told).toEqual([
      [0, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  test.each([
    ["half a minute", "2026-07-15T12:00:30Z", minute(60)],
    ["backwards", minute(60), minute(0)],
    ["nothing", minute(0), minute(0)],
    ["too long", "2024-01-01T00:00:00Z", minute(0)],
  ])("an interval of %s is refused", async (_name, from, to) => {
    await expect(issue(from, to)).rejects.toMatchObject({ code: "rejected", reason: "report_interval" });
    expect(await reader.issuedReports(collector.id, 10)).toEqual([]);
  });

  test("its page shows hostile names as text and holds no script", async () => {
    await story();
    const { document } = await issue();

    const page = reports().page(document);

    expect(page).toContain("prod &lt;script&gt;");
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\//i);
    expect(page).toContain("5 minutes lost for good");
    expect(page).toContain("default-src 'none'");
  });
});

describe("a correction", () => {
  test("a late file contradicts the report that had claimed its time, and the next one names both", async () => {
    await story();
    const first = await issue(minute(-40), minute(-10));
    expect((await reports().issued(collector.id))[0]?.corrections).toEqual([]);

    await collect(store, lease, { id: "late", end: -15 }, [aLine("e9")]);
    const second = await issue(minute(-40), minute(-10));

    expect(second.report.corrections).toEqual([
      {
        report: first.id,
        issued_at: first.report.issued_at,
        data_source: "conversations",
        contradicted: true,
        files_added: ["late"],
        files_changed: [],
        gaps_added: [],
        gaps_closed: [],
      },
    ]);
    expect(verifyReport(second.document).faults).toEqual([]);
    const [latest, earliest] = await reports().issued(collector.id);
    expect(latest?.corrections).toEqual([]);
    expect(earliest?.corrections).toMatchObject([{ filesAdded: ["late"], contradicted: true }]);
    expect(earliest?.sources[0]?.correctedBy).toBe(second.id);
  });

  test("what waited and is collected, and what is lost since, is named without a contradiction", async () => {
    await story();
    await issue();

    await collect(store, lease, { id: "waits", end: 5 }, [aLine("e4")]);
    await store.expireFile(lease, KEY, "bad", minute(70), ALLOWANCE_MS);
    const { report } = await issue();

    expect(report.corrections).toMatchObject([
      {
        contradicted: false,
        files_changed: [
          { id: "waits", from: "pending", to: "done" },
          { id: "bad", from: "quarantined", to: "expired" },
        ],
        gaps_added: [{ from: minute(5), to: minute(10), reason: "expired_upstream" }],
      },
    ]);
  });

  test("a report of another time is none of its business", async () => {
    await story();
    await issue(minute(-40), minute(-30));

    await collect(store, lease, { id: "late", end: -15 }, [aLine("e9")]);

    expect((await issue(minute(-20), minute(-10))).report.corrections).toEqual([]);
    expect((await reports().issued(collector.id)).flatMap(({ corrections }) => corrections)).toEqual([]);
  });
});

describe("verifying", () => {
  test("every change of a single byte is found", async () => {
    await story();
    const { document } = await issue();
    fc.assert(
      fc.property(fc.nat({ max: document.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const altered = document.slice();
        altered[at] = altered[at]! ^ change;
        expect(verifyReport(altered).faults).not.toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  test("bytes that are missing, doubled or added are found", async () => {
    await story();
    const { document } = await issue();
    const text = Buffer.from(document).toString();
    fc.assert(
      fc.property(
        fc.nat({ max: document.length - 1 }),
        fc.constantFrom("", " ", "\n", "0", "{", '"a":1,'),
        (at, extra) => {
          const altered =
            extra === "" ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, at) + extra + text.slice(at);
          expect(verifyReport(Buffer.from(altered)).faults).not.toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
    for (const altered of [text.trimEnd(), `${text}\n`, `\ufeff${text}`, text + text, ""])
      expect(verifyReport(Buffer.from(altered)).faults).not.toEqual([]);
  });

  test("every value that is changed is found, wherever it stands", async () => {
    await story();
    const { report } = await issue();
    const places = leavesOf(report);
    expect(places.length).toBeGreaterThan(100);

    for (const path of places) {
      const altered = `${canonical(changedAt(report, path))}\n`;
      expect(verifyReport(Buffer.from(altered)).faults, path.join(".")).not.toEqual([]);
    }
  });

  test("another key is found, even where the report names it", async () => {
    await story();
    const { document, report } = await issue();
    const other = newSigningKey(randomBytes).key;
    const { signature: _, ...statement } = report;
    const forged = signed({ ...statement, signing: { ...statement.signing, public_key: other.publicKey } }, other);

    expect(verifyReport(document, [other.publicKey]).faults).toEqual([
      "It was signed with another key than the one given",
    ]);
    expect(verifyReport(forged, [key.publicKey]).faults).not.toEqual([]);
  });

  // Whoever has the key can sign anything: what is signed must still add up.
  test.each<[string, (source: Statement["data_sources"][number], statement: Statement) => unknown]>([
    [
      "a sum of lines",
      ({ counts }) => {
        counts.lines += 1;
      },
    ],
    [
      "a sum of held events",
      ({ counts }) => {
        counts.held -= 1;
      },
    ],
    [
      "the number of files",
      ({ counts }) => {
        counts.files += 1;
      },
    ],
    [
      "the files that are done",
      ({ counts }) => {
        counts.files_done += 1;
      },
    ],
    [
      "minutes",
      ({ minutes }) => {
        minutes.collected += 1;
      },
    ],
    [
      "lost minutes that are called collected",
      ({ minutes }) => {
        minutes.collected += minutes.lost;
        minutes.lost = 0;
      },
    ],
    [
      "missing minutes that are called empty",
      ({ minutes }) => {
        minutes.empty += minutes.missing + minutes.lost;
        minutes.missing = 0;
        minutes.lost = 0;
      },
    ],
    ["a file left out", ({ files }) => files.splice(0, 1)],
    ["a file doubled", ({ files }) => files.unshift(files[0]!)],
    ["files in another order", ({ files }) => files.reverse()],
    [
      "a line too many in one file",
      ({ files }) => {
        files[0]!.done!.lines += 1;
      },
    ],
    [
      "another hash than listed",
      ({ files }) => {
        files[0]!.listed_sha256 = "0".repeat(64);
      },
    ],
    [
      "more held than inserted",
      ({ files, counts }) => {
        files[0]!.done!.held += 1;
        counts.held += 1;
      },
    ],
    ["a hole left out", ({ holes }) => holes.splice(0, 1)],
    [
      "a hole that is called quarantined",
      ({ holes }) => {
        holes[0]!.state = "quarantined";
      },
    ],
    [
      "a gap beyond the interval",
      ({ gaps }) => {
        gaps[0]!.to = minute(70);
      },
    ],
    [
      "a gap from before the interval",
      ({ gaps }) => {
        gaps[0]!.from = minute(-70);
      },
    ],
    [
      "completeness",
      (source) => {
        source.complete = true;
      },
    ],
    [
      "a claim past a hole",
      (source) => {
        source.complete_through = minute(29);
      },
    ],
    [
      "a claim past the scan",
      (source) => {
        source.complete_through = minute(50);
        source.holes = [];
      },
    ],
    [
      "the length of the interval",
      (_, statement) => {
        statement.interval.minutes += 1;
      },
    ],
    [
      "a bound of the interval",
      (_, statement) => {
        statement.interval.from = minute(-61);
      },
    ],
    ["a data source doubled", (source, statement) => statement.data_sources.push(source)],
    [
      "a fingerprint",
      (_, statement) => {
        statement.signing.fingerprint = "0000";
      },
    ],
  ])("%s that does not add up is found, signed or not", async (_name, change) => {
    await story();
    const { report } = await issue();
    const { signature: _signature, ...statement } = structuredClone(report);

    change(statement.data_sources[0]!, statement);

    expect(verifyReport(signed(statement, key)).faults).not.toEqual([]);
  });

  test("something else than a report is no report", () => {
    for (const text of ["", "hello", "{}", '{"format":"other"}', "[]", "null"])
      expect(verifyReport(Buffer.from(text)).faults).toHaveLength(1);
  });
});

type Path = readonly (string | number)[];

/** The place of every single value. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

/** A copy in which that one value is another one of its kind. */
function changedAt(value: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined) return otherThan(value);
  if (Array.isArray(value)) return value.map((inner, index) => (index === first ? changedAt(inner, rest) : inner));
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [first]: changedAt(object[first as string], rest) };
}

function otherThan(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return "2026-07-15T12:00:00Z";
  // Another character of the same kind, so that hashes stay hashes and times stay times.
  const last = value.search(/[0-9a-z](?=[^0-9a-z]*$)/i);
  const swapped = value[last] === "1" ? "2" : /[0-9]/.test(value[last] ?? "") ? "1" : value[last] === "a" ? "b" : "a";
  return last < 0 ? `${value}a` : value.slice(0, last) + swapped + value.slice(last + 1);
}
