// What upstream published is what is stored: the engine against the sandbox, hazard by hazard.
import { expect, test } from "vitest";
import { connectors } from "../../src/connectors/index.ts";
import {
  dataDir,
  engineOn,
  expected,
  linesOf,
  planFor,
  rawOf,
  sandboxWith,
  stateOf,
  stored,
} from "./engine-on-sandbox.ts";

test("every line that upstream published is stored once, byte for byte, with site and timezone", async () => {
  const sandbox = await sandboxWith();
  const { engine, reader } = await engineOn(await dataDir());

  await engine.apply([planFor(sandbox, { dataSources: ["conversations", "auth-log"] })]);
  await engine.caughtUp();

  const events = await stored(reader);
  expect(events.length).toBeGreaterThan(20);
  expect(rawOf(events)).toEqual(expected(sandbox, ["CONVERSATION_MESSAGE", "AUTH_LOG"]));
  expect(new Set(events.map(({ siteName, siteId, timezone }) => `${siteName} ${siteId} ${timezone}`))).toEqual(
    new Set(["hq site_1 Europe/Berlin"]),
  );
  expect((await stateOf(reader, "conversations")).counts).toMatchObject({ filesPending: 0, quarantined: 0 });
});

test("a second engine on the same data adds nothing and moves no cursor back", async () => {
  const sandbox = await sandboxWith();
  const path = await dataDir();
  const first = await engineOn(path);
  await first.engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await first.engine.caughtUp();
  const before = {
    events: rawOf(await stored(first.reader)),
    cursor: (await stateOf(first.reader, "conversations")).cursor,
  };
  await first.close();

  const second = await engineOn(path);
  await second.engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await second.engine.caughtUp();

  expect(rawOf(await stored(second.reader))).toEqual(before.events);
  expect((await stateOf(second.reader, "conversations")).cursor).toBe(before.cursor);
});

test("a revoked key stops the collector, says so, and costs no further request", async () => {
  const sandbox = await sandboxWith();
  sandbox.setRevoked("all-read", true);
  const { engine, reader } = await engineOn(await dataDir());

  await engine.apply([planFor(sandbox)]);
  await engine.caughtUp();

  expect((await stateOf(reader, "conversations")).error).toMatchObject({ code: "auth_failed" });
  expect((await stateOf(reader, "audit-log")).error).toMatchObject({ code: "auth_failed" });
  expect(await stored(reader)).toEqual([]);
});

test("a key without the scope of one type stops that data source alone", async () => {
  const sandbox = await sandboxWith();
  const { engine, reader } = await engineOn(await dataDir());

  await engine.apply([planFor(sandbox, {}, { token: sandbox.keyNamed("only-audit-log") })]);
  await engine.caughtUp();

  expect((await stateOf(reader, "conversations")).error).toMatchObject({
    code: "auth_failed",
    reason: "scope_missing",
  });
  expect((await stateOf(reader, "audit-log")).error).toBeUndefined();
  expect((await stateOf(reader, "audit-log")).counts.events).toBeGreaterThan(0);
});

test("events of another workspace stop the collector and none is stored", async () => {
  const sandbox = await sandboxWith({ quirks: { foreignPrincipal: 1 } });
  const { engine, reader } = await engineOn(await dataDir());

  await engine.apply([planFor(sandbox)]);
  await engine.caughtUp();

  expect((await stateOf(reader, "conversations")).error).toMatchObject({
    code: "config_invalid",
    reason: "foreign_principal",
  });
  expect(await stored(reader)).toEqual([]);
});

const nothingLost = async (quirks: Parameters<typeof sandboxWith>[0] & {}, types = ["conversations"]) => {
  const sandbox = await sandboxWith(quirks);
  const { engine, reader } = await engineOn(await dataDir());
  await engine.apply([planFor(sandbox, { dataSources: types })]);
  await engine.caughtUp();
  const upstream = types.map((name) => connectors[0]!.resolve(name)!.upstreamType);
  expect(rawOf(await stored(reader))).toEqual(expected(sandbox, upstream));
  return await stateOf(reader, types[0]!);
};

test.each([
  ["files that share an end time on both sides of a page edge", { tiedEndTimes: 1, tieGroupSize: 7 }],
  ["surplus duplicates and reordered keys", { surplusDuplicates: 0.5, reorderedKeys: 0.3 }],
  ["an id that comes again with other content", { conflictingContent: 0.5 }],
  ["events without a time, repeated", { missingTimestamp: 0.5, repeatedWithoutTimestamp: 0.5 }],
  ["times of 0 to 9 digits", { fractionDigits: "mixed" }],
  ["expired signed addresses", { signedUrlExpired: 0.3 }],
  ["bodies cut, altered and reset", { truncatedBodies: 0.15, corruptBodies: 0.15, resetConnections: 0.05 }],
  ["server errors and pages of a proxy", { serverErrors: 0.1, htmlPages: 0.05 }],
  ["hostile text", { hostileText: 1 }],
  ["no final newline, empty page without a time", { missingFinalNewline: 1, emptyPageLastEndTimeNull: true }],
] as const)("nothing is lost or doubled with %s", async (_, quirks) => {
  await nothingLost({ quirks });
});

test("edits, late events and unknown shapes are kept in every data source", async () => {
  await nothingLost(
    { quirks: { editedMessages: 0.5, lateEvents: 0.5, unknownActorType: 0.2, unknownFields: 0.5 } },
    ["conversations", "audit-log", "codex-log", "costs"].slice(0, 3),
  );
});

test("an event type that nobody knows yet is collected by its name", async () => {
  await nothingLost({ quirks: { unknownEventType: true } }, ["workspace-forecast-log"]);
});

test("lines that are not JSON are set aside and the sums hold", async () => {
  const sandbox = await sandboxWith({ quirks: { malformedLines: 1 } });
  const { engine, reader } = await engineOn(await dataDir());

  await engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await engine.caughtUp();

  const { counts } = await stateOf(reader, "conversations");
  const lines = linesOf(sandbox, "CONVERSATION_MESSAGE");
  expect(counts.quarantined).toBeGreaterThan(0);
  expect(counts.events + counts.duplicates + counts.quarantined).toBe(lines.length);
});

test("a file that upstream lists and does not give is set aside for a person, and the rest is collected", async () => {
  const sandbox = await sandboxWith({ quirks: { agedOutBetween: 0.2 } });
  const { engine, reader } = await engineOn(await dataDir());

  await engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await engine.caughtUp();

  const holes = await reader.holes({ collectorId: "col_test", dataSource: "conversations" }, 100);
  expect(holes.length).toBeGreaterThan(0);
  expect(new Set(holes.map(({ state }) => state))).toEqual(new Set(["quarantined"]));
  expect((await stateOf(reader, "conversations")).counts.events).toBeGreaterThan(0);
  expect(await reader.gaps({ collectorId: "col_test" })).toEqual([]);
});

test("a file that upstream neither gives nor lists becomes a gap with its bounds", async () => {
  const sandbox = await sandboxWith();
  const { engine, store, reader } = await engineOn(await dataDir());
  const key = { collectorId: "col_test", dataSource: "conversations" };
  const lease = await store.lease(key.collectorId, [key.dataSource]);
  const endTime = "2026-10-01T00:00:00Z";
  const gone = { id: "eclf_0123456789abcdef0123456789ab", endTime, size: 10, sha256: "0".repeat(64) };
  await store.recordListing(lease, key, [gone], "2026-10-01T00:10:00Z");

  await engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await engine.caughtUp();

  expect(await reader.gaps({ collectorId: "col_test" })).toMatchObject([
    { reason: "expired_upstream", to: endTime, files: 1 },
  ]);
  expect(await reader.holes(key, 10)).toEqual([]);
});

test("a stop longer than upstream keeps files is recorded as a gap, once", async () => {
  const sandbox = await sandboxWith();
  const path = await dataDir();
  const collect = async () => {
    const { engine, reader, close } = await engineOn(path);
    await engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
    await engine.caughtUp();
    const found = {
      state: await stateOf(reader, "conversations"),
      gaps: await reader.gaps({ collectorId: "col_test" }),
    };
    await close();
    return found;
  };
  const { state: before } = await collect();
  sandbox.advance(40 * 24 * 3_600_000);

  await collect();
  const { gaps } = await collect();

  expect(gaps).toMatchObject([{ reason: "stopped_too_long", from: before.completeThrough }]);
});

test("a late file below the cursor is found by the overlap", async () => {
  const sandbox = await sandboxWith({ quirks: { lateFiles: 0.3, lateFileDelayMs: 3 * 3_600_000 } });
  const path = await dataDir();
  const first = await engineOn(path);
  await first.engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await first.engine.caughtUp();
  const early = rawOf(await stored(first.reader));
  await first.close();
  sandbox.advance(6 * 3_600_000);

  const second = await engineOn(path);
  await second.engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await second.engine.caughtUp();

  const all = rawOf(await stored(second.reader));
  expect(all.length).toBeGreaterThan(early.length);
  expect(all).toEqual(expected(sandbox, ["CONVERSATION_MESSAGE"]));
});

test("an upstream that only fails is waited for as long as was said, with the error kept", async () => {
  const sandbox = await sandboxWith({ quirks: { serverErrors: 1 } });
  const { engine, reader, log } = await engineOn(await dataDir(), { giveUpAfterMs: 120_000 });

  await engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await engine.caughtUp();

  expect((await stateOf(reader, "conversations")).error).toMatchObject({ code: "unavailable", status: 500 });
  expect(log.kept.join("\n")).toContain("not waited for any longer");
});

test("a storage host that only fails is waited for as long as was said, and the files stay pending", async () => {
  const sandbox = await sandboxWith({ quirks: { signedUrlExpired: 1 } });
  const { engine, reader } = await engineOn(await dataDir(), { giveUpAfterMs: 120_000 });

  await engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await engine.caughtUp();

  expect((await stateOf(reader, "conversations")).error).toBeUndefined();
  expect((await stateOf(reader, "conversations")).counts.filesPending).toBeGreaterThan(0);
});

test("what gets on is not given up, however often it fails in between", async () => {
  const quirks = { serverErrors: 0.2, signedUrlExpired: 0.3, truncatedBodies: 0.1 } as const;
  const sandbox = await sandboxWith({ quirks });
  const { engine, reader } = await engineOn(await dataDir(), { giveUpAfterMs: 600_000 });

  await engine.apply([planFor(sandbox, { dataSources: ["conversations"] })]);
  await engine.caughtUp();

  expect(rawOf(await stored(reader))).toEqual(expected(sandbox, ["CONVERSATION_MESSAGE"]));
});
