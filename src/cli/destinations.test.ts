import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSqliteStore } from "../store/sqlite/store.ts";
import { damage } from "./fixtures/damage.ts";
import { type FilledDataDir, fillDataDir } from "./fixtures/data-dir.ts";
import { runCli } from "./fixtures/run-cli.ts";
import { runHere } from "./fixtures/run-here.ts";

let dir: FilledDataDir;
beforeAll(async () => {
  dir = await fillDataDir();
});
afterAll(() => rmSync(dir.path, { recursive: true }));
const now = new Date("2026-07-15T16:10:00Z");
const run = (...args: string[]) => runHere(["destinations", ...args, "--data-dir", dir.path], { now });
const read = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);

/** The one event of a batch that was refused, and all others delivered. */
async function deliverAllButOne(destinationId: string): Promise<void> {
  const store = await openSqliteStore(dir.path);
  const [delivery] = await store.deliveries.openDeliveries(destinationId, [dir.collectorId], "start");
  const hour = Math.floor(Date.parse("2026-07-15T15:41:00Z") / 3_600_000);
  const cutAt = "2026-07-15T15:42:00Z";
  const batch = {
    batchId: "b",
    events: 1_000,
    bytes: 10,
    sha256: "",
    hours: { [hour]: 1_000 },
    cutAt,
    after: 0,
    upTo: 1_010,
  };
  await store.deliveries.recordCut({ deliveryId: delivery!.id, from: 0, upTo: 1_010, filtered: { [hour]: 10 }, batch });
  const [open] = await store.deliveries.openBatches(delivery!.id);
  const letter = {
    seq: 7,
    key: "k",
    eventId: "e6",
    type: "T\u001b[31m",
    hour,
    reason: "mapping",
    answer: "no \u001b[2Jsuch field",
  };
  await store.deliveries.settle({
    number: open!.number,
    delivered: { [hour]: 999 },
    dead: [letter],
    withdrawn: {},
    left: [],
    at: cutAt,
  });
  await store.close();
}

test("a kind shows its settings, which of them are secret, and its formats", async () => {
  const { code, stdout } = await runHere(["destinations", "kinds", "splunk-hec"], { now });

  expect(code).toBe(0);
  expect(stdout).toMatch(/^Splunk/);
  expect(stdout).toMatch(/^token +required; secret/m);
  expect(stdout).toMatch(/^raw +.* The default\.$/m);
});

describe("what add refuses, with 2 and what to do, and adds nothing:", () => {
  const cases: readonly [string, readonly string[], string, string][] = [
    [
      "an unknown kind",
      ["--kind", "splunk-hek"],
      "There is no kind of destination 'splunk-hek'",
      "Did you mean 'splunk-hec'?",
    ],
    [
      "an unknown setting",
      ["--kind", "files", "--set", "foldr=/x"],
      "files has no setting 'foldr'",
      "Did you mean 'folder'?",
    ],
    [
      "a wrong setting",
      ["--kind", "files", "--set", "folder=x"],
      "folder: expected an absolute path",
      "cistern destinations kinds files",
    ],
    ["a setting that is missing", ["--kind", "webhook"], "url is missing: ", "cistern destinations kinds webhook"],
    [
      "a format that it does not take",
      ["--kind", "files", "--format", "xml"],
      "does not take the format 'xml'",
      "It takes raw",
    ],
    [
      "an unknown collector",
      ["--kind", "files", "--collector", "prd"],
      "There is no collector 'prd'",
      "Did you mean 'prod'?",
    ],
    [
      "a variable that is not set",
      ["--kind", "splunk-hec", "--secret", "token=env:NOPE"],
      "NOPE, for token, is not set",
      "Export",
    ],
  ];

  test.each(cases)("%s", async (_, args, message, remedy) => {
    const { code, stdout, stderr } = await run("add", "--name", "x", ...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr.split("\n")[1]).toContain(remedy);
    expect(await read("list")).toEqual({ destinations: [] });
  });

  test.each([
    ["--set", "token=canary-secret"],
    ["--secret", "token=canary-secret"],
    ["--secret", "canary-secret"],
  ])("a secret on the command line, which is not repeated: %s %s", async (option, value) => {
    const { code, stdout, stderr } = await run("add", "--name", "x", "--kind", "splunk-hec", option, value);

    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain("canary");
  });
});

describe("change", () => {
  const plan = async () => {
    const { destinations } = JSON.parse((await run("list", "--json")).stdout);
    return destinations[0];
  };
  const changed = async (...args: string[]) => {
    const { code, stdout, stderr } = await run("change", "soc", ...args, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  beforeEach(async () => {
    const splunk = ["--kind", "splunk-hec", "--set", "url=https://splunk.example:8088", "--secret", "token=env:HEC"];
    const shape = ["--type", "AUDIT_LOG", "--where", "action~key", "--pseudonyms", "--max-age", "5s"];
    const args = ["destinations", "add", "--name", "soc", ...splunk, ...shape, "--data-dir", dir.path];
    expect(await runCli(args, { HEC: "canary-secret" })).toMatchObject({ code: 0 });
  });
  afterEach(async () => {
    await run("remove", "soc", "--yes");
    await run("remove", "siem", "--yes");
  });

  test("only what is given changes, and what is cleared is cleared", async () => {
    const fields = [{ field: "action", contains: "key" }];

    expect(await changed("--drop", "a.b", "--user", "ada@example.com")).toMatchObject({
      filter: { types: ["AUDIT_LOG"], users: ["ada@example.com"], fields },
      masking: { pseudonyms: true, drop: ["a.b"] },
    });
    const after = await changed("--clear", "filter", "--type", "AUTH_LOG", "--format", "ecs", "--rename", "siem");
    expect(after).toMatchObject({ name: "siem", format: "ecs", filter: { types: ["AUTH_LOG"] } });
    expect(after.filter).toEqual({ types: ["AUTH_LOG"] });
    expect(await plan()).toMatchObject({ name: "siem" });
  });

  test.each([
    ["nothing", [], "nothing to change is given", "--help"],
    ["an unknown part", ["--clear", "masking"], "--clear takes filter, masks, limits, collectors, not 'masking'", ""],
    ["a condition that is none", ["--where", "!a=b"], "'!a=b' is no condition", "path=value"],
    ["a path that is none", ["--drop", "a b"], "drop.0: expected the path of a field", "actor.user_email"],
    ["a secret that is needed", ["--unset", "token"], "token is missing", "kinds splunk-hec"],
    [
      "another address without its secret",
      ["--set", "url=https://other.example"],
      "stored token is not sent",
      "--secret",
    ],
  ])("refuses %s, with 2 and what to do", async (_, args, message, remedy) => {
    const { code, stdout, stderr } = await run("change", "soc", ...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toContain("canary");
  });
});

test.each([
  ["the environment", "token=env:HEC", { HEC: "canary-secret" }, ""],
  ["standard input", "token=stdin", {}, "canary-secret\n"],
] as const)("a secret comes from %s, is kept, and is shown nowhere", async (_, secret, env, input) => {
  const args = [
    "--name",
    "soc",
    "--kind",
    "splunk-hec",
    "--set",
    "url=https://splunk.example:8088",
    "--secret",
    secret,
  ];
  const added = await runCli(["destinations", "add", ...args, "--data-dir", dir.path, "--json"], env, input);
  const listed = await run("list", "--json");
  const wrong = await run("remove", "soc");
  const removed = await run("remove", "soc", "--yes");

  expect(added).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(added.stdout)).toMatchObject({ name: "soc", kind: "splunk-hec", format: "raw", paused: false });
  expect(JSON.parse(listed.stdout).destinations).toMatchObject([{ name: "soc", state: "not_begun" }]);
  expect(added.stdout + listed.stdout).not.toContain("canary");
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(removed.code).toBe(0);
  expect(await read("list")).toEqual({ destinations: [] });
});

describe("of a destination that has delivered", () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = await read("add", "--name", "archive", "--kind", "files"));
    await deliverAllButOne(id);
    return () => run("remove", "archive", "--yes");
  });

  test("list says what is delivered, what waits and since when, with control characters spelt out", async () => {
    const { destinations } = await read("list");
    const table = await run("list");

    expect(destinations).toMatchObject([
      {
        name: "archive",
        state: "behind",
        pending: 190,
        delivered: 999,
        filtered: 10,
        dead_letters: 1,
        oldest_pending_at: "2026-07-15T15:41:00.123Z",
        collectors: [{ name: "prod", start: 0, position: 1_010, cut: 1_010, pending: 190 }],
      },
    ]);
    expect(table.stdout).toMatch(/^archive +files +behind +190 +999 +1 +2026-07-15T15:41:00\.123Z$/m);
  });

  test("receipts add up, and end with 1 once a count is wrong", async () => {
    const good = await run("receipts", "archive", "--json");
    damage(dir.path, "UPDATE receipts SET delivered = delivered - 1");
    const bad = await run("receipts", "archive");

    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(good.stdout)).toMatchObject({
      reconciles: true,
      hours: [
        {
          at: "2026-07-15T15:00:00.000Z",
          collector: "prod",
          ...{ collected: 1_200, filtered: 10, delivered: 999, dead_letters: 1, withdrawn: 0, pending: 190 },
        },
      ],
    });
    expect(bad).toMatchObject({ code: 1, stderr: "1 hour does not add up; cistern doctor says more.\n" });
    expect(bad.stdout).toMatch(/^2026-07-15 15:00 +prod +1,200 +10 +998 +1 +0 +190 +NO$/m);
  });

  test("a dead letter is listed, sent again, and given up", async () => {
    const listed = await run("dead-letters", "archive");
    const { dead_letters: letters } = await read("dead-letters", "archive");
    const again = await read("dead-letters", "archive", "--retry", "all");
    const unknown = await run("dead-letters", "archive", "--discard", "999999");
    const discarded = await read("dead-letters", "archive", "--discard", String(letters[0].id), "--by", "ada");
    const after = await read("dead-letters", "archive");
    const kept = await read("dead-letters", "archive", "--state", "discarded");

    expect(listed.stdout).toContain("\\u001b[2Jsuch field");
    expect(listed.stdout).not.toContain("\u001b");
    expect(letters).toMatchObject([{ event_id: "e6", seq: 7, reason: "mapping", state: "dead", collector: "prod" }]);
    expect(again).toEqual({ changed: 1, to: "again" });
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(discarded).toEqual({ changed: 1, to: "discarded" });
    expect(after).toEqual({ dead_letters: [] });
    expect(kept.dead_letters).toMatchObject([{ by: "ada" }]);
  });

  test("a replay is only forecast without --yes, is noted with it, and can be cancelled once", async () => {
    const minute = ["--from", "2026-07-15T15:00:59Z", "--to", "2026-07-15T15:01:00Z"];
    const looked = await run("replay", "archive", ...minute, "--json");
    const noted = await read("replay", "archive", ...minute, "--data-source", "conversations", "--yes");
    const under = (await read("list")).destinations[0].replays;
    const cancelled = await run("replay", "archive", "--cancel", String(noted.id));
    const again = await run("replay", "archive", "--cancel", String(noted.id));
    const wrong = await run("replay", "archive", "--data-source", "audit-lok");

    expect(looked.code).toBe(2);
    expect(JSON.parse(looked.stdout)).toMatchObject({ events: 20, replayed: false });
    expect(noted).toMatchObject({ events: 20, replayed: true });
    expect(under).toEqual([noted.id]);
    expect(cancelled.code).toBe(0);
    expect(again.code).toBe(1);
    expect(wrong.stderr).toContain("Did you mean 'audit-log'?");
  });

  test("test delivers the marked event, step by step, and says where it went wrong", async () => {
    const passed = await run("test", "archive", "--json");
    const files = readdirSync(join(dir.path, "delivered"), { recursive: true, encoding: "utf8" });
    rmSync(join(dir.path, "delivered"), { recursive: true });
    writeFileSync(join(dir.path, "delivered"), "in the way");
    const failed = await run("test", "archive");
    rmSync(join(dir.path, "delivered"));

    expect(passed.code).toBe(0);
    expect(JSON.parse(passed.stdout)).toMatchObject({ destination: "archive", kind: "files", ok: true });
    expect(files.filter((name) => name.endsWith(".ndjson"))).toHaveLength(1);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(
      /^archive \(files\)\n.*✗ failed.*\n {6}\S.*Not everything that is needed works\.\n$/s,
    );
  });

  test("pause and resume are kept", async () => {
    const paused = await run("pause", "archive");
    const before = (await read("list")).destinations[0];
    await run("resume", "archive");
    const after = (await read("list")).destinations[0];

    expect(paused).toMatchObject({ code: 0, stdout: expect.stringContaining("archive is paused.") as string });
    expect([before.state, after.state]).toEqual(["paused", "behind"]);
  });
});
