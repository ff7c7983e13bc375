import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FilledDataDir, fillDataDir } from "./fixtures/data-dir.ts";
import { runHere } from "./fixtures/run-here.ts";

let dir: FilledDataDir;
let out: string;
beforeAll(async () => {
  dir = await fillDataDir();
  out = mkdtempSync(join(tmpdir(), "cistern-reports-"));
});
afterAll(() => {
  rmSync(dir.path, { recursive: true });
  rmSync(out, { recursive: true });
});

const run = (args: readonly string[], env = {}) => runHere(args, { now: new Date(), env });
const cistern = (...args: string[]) => run(args, { CISTERN_DATA_DIR: dir.path });
const day = ["--from", "2026-07-15T14:00:00Z", "--to", "2026-07-15T16:00:00Z"];

test("coverage is a calendar with a sign for each hour and what the signs mean", async () => {
  const { code, stdout, stderr } = await cistern("coverage", ...day, "--source", "conversations");

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(
    [
      "prod / conversations",
      "            0     6     12    18",
      "  2026-07-15              █▒",
      "  ▒ pending, 10 minutes",
      "  ? not looked at yet, 20 minutes",
      "  █ collected, 80 minutes",
      "  · empty, 10 minutes",
      "",
      "",
    ].join("\n"),
  );
});

test("coverage --json has runs of minutes that are as long as the time", async () => {
  const { stdout } = await cistern("coverage", ...day, "--json");

  const { data_sources: sources } = JSON.parse(stdout);
  expect(sources.map((source: { data_source: string }) => source.data_source)).toEqual(["conversations", "audit-log"]);
  expect(sources[0].runs).toEqual([
    { from: "2026-07-15T14:00:00Z", to: "2026-07-15T15:20:00Z", state: "collected" },
    { from: "2026-07-15T15:20:00Z", to: "2026-07-15T15:30:00Z", state: "pending" },
    { from: "2026-07-15T15:30:00Z", to: "2026-07-15T15:40:00Z", state: "empty" },
    { from: "2026-07-15T15:40:00Z", to: "2026-07-15T16:00:00Z", state: "not_scanned" },
  ]);
  expect(sources[0].minutes).toMatchObject({ collected: 80, pending: 10, empty: 10, not_scanned: 20, lost: 0 });
});

test("a long time has a character for each day", async () => {
  const { stdout } = await cistern("coverage", "--from", "2026-05-15", "--to", "2026-08-01", "--source", "audit-log");

  expect(stdout).toContain("  2026-05                 ?????????????????\n  2026-06   ✗?????????????????????????????\n");
  expect(stdout).toContain("✗ lost for good, 1,440 minutes");
});

test("coverage --files lists the files of the time, their end, state and hash", async () => {
  const { stdout } = await cistern("coverage", ...day, "--source", "conversations", "--files", "--json");

  expect(JSON.parse(stdout).data_sources[0].files).toMatchObject([
    { id: "eclf_0", state: "done", lines: 700, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    { id: "eclf_1", state: "done", lines: 500 },
    { id: "eclf_bad", state: "done", lines: 1, quarantined: 1 },
    { id: "eclf_hole", state: "pending", attempts: 0 },
  ]);
  const { stdout: table } = await cistern("coverage", ...day, "--source", "conversations", "--files");
  expect(table).toMatch(/^2026-07-15T15:30:00Z {2}eclf_hole {2}pending/m);
});

test("a report is issued, verified alone, with its key and beside the data", async () => {
  const file = join(out, "report.json");
  const page = join(out, "report.html");
  const issued = await cistern("report", "completeness", ...day, "--out", file, "--html", page);
  expect(issued).toMatchObject({ code: 0, stdout: "" });
  expect(issued.stderr).toMatch(/^conversations: not complete; the report says why\n/);
  expect(statSync(join(dir.path, "signing.key")).mode & 0o777).toBe(0o600);
  expect(readFileSync(page, "utf8")).toContain("<h1>Completeness report</h1>");

  const key = await cistern("report", "key");
  writeFileSync(join(out, "key.pem"), key.stdout);
  const fingerprint = key.stderr.replace("Fingerprint ", "").trim();
  const alone = await run(["verify", file]);
  expect(alone).toMatchObject({ code: 0, stderr: "" });
  expect(alone.stdout).toContain(`Signed with ${fingerprint}\n    → Whose key that is, only a comparison tells`);
  const keyed = await run(["verify", file, "--key", join(out, "key.pem")]);
  expect(keyed).toMatchObject({ code: 0 });
  expect(keyed.stdout).toContain(`Signed with ${fingerprint}.\n`);
  const beside = await run(["verify", file, "--data-dir", dir.path, "--json"]);
  expect(beside.code).toBe(0);
  expect(JSON.parse(beside.stdout)).toMatchObject({ ok: true, faults: [], notes: [], key_checked: true });
});

test("reports are listed with what has come to light since", async () => {
  const { stdout } = await cistern("report", "completeness", ...day);
  const { id } = JSON.parse(stdout);

  const { stdout: table, code } = await cistern("report", "list");
  expect(code).toBe(0);
  expect(table).toMatch(
    new RegExp(`^${id} +prod +2026-07-15T14:00:00Z +2026-07-15T16:00:00Z .* nothing has changed$`, "m"),
  );
  const { stdout: json } = await cistern("report", "list", "--collector", "prod", "--json");
  expect(JSON.parse(json).reports[0]).toMatchObject({ id, collector: "prod", corrections: [] });
});

test("a changed report, another key and something else than a report end with 1 and say why", async () => {
  const file = join(out, "changed.json");
  const { stdout } = await cistern("report", "completeness", ...day);
  writeFileSync(file, stdout.replace('"lines":700', '"lines":701'));

  const changed = await run(["verify", file]);
  expect(changed.code).toBe(1);
  expect(changed.stdout).toContain("The report is not as it must be.");
  expect(changed.stdout).toContain("The signature does not fit: the report was changed after it was issued");
  expect(changed.stdout).toContain("conversations: the lines of the file eclf_0 do not add up");
  writeFileSync(file, stdout);
  const other = await run(["verify", file, "--key", "ab".repeat(32), "--json"]);
  expect(other.code).toBe(1);
  expect(JSON.parse(other.stdout).faults).toEqual(["It was signed with another key than the one given"]);
  writeFileSync(file, "hello");
  expect(await run(["verify", file])).toMatchObject({ code: 1 });
});

test.each([
  [["verify"], "missing required argument 'report'"],
  [["verify", "FILE", "--key", "nonsense"], "--key is no Ed25519 public key"],
  [["report", "completeness"], "required option '--from <instant>' not specified"],
  [["report", "completeness", "--from", "2026-07-15T00:00:30Z", "--to", "2026-07-16"], "whole minutes"],
  [["report", "completeness", "--from", "2026-07-16", "--to", "2026-07-15"], "--from must be before --to"],
  [["coverage", "--from", "2026-07-16", "--to", "2026-07-15"], "--from must be before --to"],
])("cistern %j is wrong usage", async (args, message) => {
  const file = join(out, "some.json");
  writeFileSync(file, "{}");

  const ended = await cistern(...args.map((arg) => (arg === "FILE" ? file : arg)));

  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(message);
});

test("a file that is not there is said in a sentence", async () => {
  const ended = await run(["verify", join(out, "none.json")]);

  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain("cannot be used (ENOENT)");
  expect(existsSync(join(out, "none.json"))).toBe(false);
});
