// Late files, a file that vanished and one that is damaged: the calendar, the report and its verification tell the truth.
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { openControl } from "../src/control/open-control.ts";
import { isoFromUs } from "../src/model/time.ts";
import type { ReportDocument } from "../src/report/document.ts";
import type { Sandbox } from "../src/sandbox/sandbox.ts";
import { dataDir, engineOn, planFor, sandboxWith } from "./engine/engine-on-sandbox.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const source = "conversations";
/** So short that a late file proves the claim wrong. */
const overlapMs = 10 * MINUTE_MS;

/** A collector in a data folder of its own, as the console would install it. */
async function installed(sandbox: Sandbox) {
  const path = await dataDir();
  const { collector } = planFor(sandbox);
  const settings = { workspace_id: sandbox.workspaceId, base_url: sandbox.baseUrl };
  const { control } = openControl({
    path: join(path, "control.db"),
    secretKeyPath: join(path, "secret.key"),
    now: () => new Date(),
    randomBytes,
  });
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, siteId: _siteId, ...rest } = collector;
  const { id } = control.createCollector(
    { ...rest, siteId: undefined, settings, dataSources: [source], overlapMs },
    { token: sandbox.key },
  );
  control.close();
  return { path, id, plan: planFor(sandbox, { id, dataSources: [source], overlapMs }) };
}

type Installed = Awaited<ReturnType<typeof installed>>;

/** One run until nothing more can be had. */
async function collect({ path, plan }: Installed): Promise<void> {
  const { engine, close } = await engineOn(path);
  await engine.apply([plan]);
  await engine.caughtUp();
  await close();
}

/** Files later than the allowance are found by the daily scan: the last one is put a day back. */
function deepScanIsDue({ path }: Installed): void {
  const db = new DatabaseSync(join(path, "cistern.db"));
  db.exec("UPDATE sources SET deep_at = '2026-01-01T00:00:00Z'");
  db.close();
}

async function cistern(...args: string[]) {
  const ended = await runCli(args);
  expect(ended.code, ended.stderr + ended.stdout).toBe(0);
  return ended.stdout;
}

interface Shown {
  readonly minutes: Readonly<Record<string, number>>;
  readonly runs: readonly { readonly from: string; readonly to: string; readonly state: string }[];
}

async function calendar({ path }: Installed, from: string, to: string): Promise<Shown> {
  const shown = await cistern("coverage", "--data-dir", path, "--from", from, "--to", to, "--json");
  return JSON.parse(shown).data_sources[0] as Shown;
}

async function report({ path }: Installed, name: string, from: string, to: string): Promise<ReportDocument> {
  const out = join(path, `${name}.json`);
  await cistern("report", "completeness", "--data-dir", path, "--from", from, "--to", to, "--out", out);
  return JSON.parse(readFileSync(out, "utf8")) as ReportDocument;
}

const verified = async ({ path }: Installed, name: string) =>
  JSON.parse(await cistern("verify", join(path, `${name}.json`), "--data-dir", path, "--json"));

const wholeHour = (ms: number) => new Date(Math.floor(ms / HOUR_MS) * HOUR_MS).toISOString();
const stateAt = ({ runs }: Shown, at: string) => runs.find((run) => run.from <= at && at < run.to)?.state;
const minuteOf = (instant: string) => isoFromUs(Math.floor((Date.parse(instant) - 1) / MINUTE_MS) * MINUTE_MS * 1_000);

test("what was complete is reported so, and a late file corrects the report", { timeout: 120_000 }, async () => {
  const sandbox = await sandboxWith({ quirks: { lateFiles: 0.4, lateFileDelayMs: 8 * HOUR_MS } });
  const place = await installed(sandbox);
  await collect(place);
  const [from, to] = [wholeHour(sandbox.now() - 20 * HOUR_MS), wholeHour(sandbox.now() - HOUR_MS)];

  const before = await calendar(place, from, to);
  expect((before.minutes.collected ?? 0) + (before.minutes.empty ?? 0)).toBe(19 * 60);
  const first = await report(place, "first", from, to);
  expect(first.data_sources[0]).toMatchObject({ complete: true, gaps: [], holes: [] });
  expect(first.data_sources[0]?.counts.held).toBeGreaterThan(10);
  expect(first.data_sources[0]?.rehash).toEqual({ events: first.data_sources[0]?.counts.held, mismatched: [] });
  expect(first.data_sources[0]?.principal).toBe(sandbox.workspaceId);

  sandbox.advance(9 * HOUR_MS);
  deepScanIsDue(place);
  await collect(place);
  const second = await report(place, "second", from, to);

  const known = new Set(first.data_sources[0]?.files.map(({ id }) => id));
  const late = second.data_sources[0]?.files.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  expect(late?.length).toBeGreaterThan(0);
  expect(second.corrections).toMatchObject([{ report: first.id, contradicted: true, files_added: late }]);
  expect(second.data_sources[0]?.claim_moved_back).toBeGreaterThan(0);
  expect(await verified(place, "first")).toMatchObject({
    ok: true,
    key_checked: true,
    notes: [
      expect.stringMatching(/^conversations: \d+ files? came later than the report$/),
      "conversations: what the report had claimed as complete was not; a new report says what came to light",
    ],
  });
  expect(await verified(place, "second")).toMatchObject({ ok: true, notes: [] });
});

test("a file that vanished is lost, a damaged one missing, until it can be had", { timeout: 120_000 }, async () => {
  const sandbox = await sandboxWith();
  const place = await installed(sandbox);
  await collect(place);
  const vanishedEnd = new Date(sandbox.now() - 5 * HOUR_MS).toISOString();
  const { store, close } = await engineOn(place.path);
  const lease = await store.lease(place.id, [source]);
  const vanished = { id: "eclf_0123456789abcdef0123456789ab", endTime: vanishedEnd, size: 10, sha256: "0".repeat(64) };
  await store.recordListing(lease, { collectorId: place.id, dataSource: source }, [vanished], vanishedEnd);
  await close();
  const published = sandbox.now();
  sandbox.setQuirks({ corruptBodies: 1 });
  sandbox.advance(HOUR_MS);
  await collect(place);
  sandbox.setQuirks({ corruptBodies: 0 });

  const [from, to] = [wholeHour(published - 20 * HOUR_MS), wholeHour(published + HOUR_MS)];
  const shown = await calendar(place, from, to);
  expect(stateAt(shown, minuteOf(vanishedEnd))).toBe("lost");
  expect(shown.minutes.missing).toBeGreaterThan(0);
  const bad = await report(place, "bad", from, to);
  const [said] = bad.data_sources;
  expect(said).toMatchObject({ complete: false, minutes: shown.minutes });
  expect(said?.gaps).toMatchObject([{ reason: "expired_upstream", file_id: vanished.id }]);
  expect(said?.holes.length).toBeGreaterThan(0);
  expect(said?.holes.every((hole) => hole.state === "quarantined" && hole.error === "hash_mismatch")).toBe(true);
  for (const hole of said?.holes ?? []) expect(stateAt(shown, minuteOf(hole.end_time))).toBe("missing");
  expect(await verified(place, "bad")).toMatchObject({ ok: true, notes: [] });

  const { store: again, close: done } = await engineOn(place.path);
  for (const { file_id } of said?.holes ?? [])
    expect(await again.retryFile({ collectorId: place.id, dataSource: source }, file_id)).toBe(true);
  await done();
  await collect(place);
  const mended = await report(place, "mended", from, to);
  expect(mended.data_sources[0]).toMatchObject({ holes: [], minutes: { missing: 0, lost: said?.minutes.lost } });
  expect(mended.corrections).toMatchObject([
    {
      report: bad.id,
      contradicted: false,
      files_changed: said?.holes.map(({ file_id }) => ({ id: file_id, to: "done" })),
    },
  ]);
});

test("a report that was changed, and a store that was changed, are found", { timeout: 120_000 }, async () => {
  const sandbox = await sandboxWith();
  const place = await installed(sandbox);
  await collect(place);
  const [from, to] = [wholeHour(sandbox.now() - 20 * HOUR_MS), wholeHour(sandbox.now())];
  const { data_sources: sources } = await report(place, "good", from, to);
  const text = readFileSync(join(place.path, "good.json"), "utf8");
  const file = join(place.path, "changed.json");

  writeFileSync(file, text.replace(sources[0]!.files[0]!.done!.sha256, "f".repeat(64)));
  expect(await runCli(["verify", file])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("The signature does not fit") as string,
  });

  // Another data folder has another key, and knows nothing of the report.
  const other = await installed(sandbox);
  await collect(other);
  await report(other, "other", from, to);
  const foreign = await runCli(["verify", join(place.path, "good.json"), "--data-dir", other.path]);
  expect(foreign).toMatchObject({ code: 1 });
  expect(foreign.stdout).toContain("It was signed with a key that this data folder never had");
});
