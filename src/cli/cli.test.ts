import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { version } from "../version.ts";
import { type FilledDataDir, fillDataDir } from "./fixtures/data-dir.ts";
import { runCli } from "./fixtures/run-cli.ts";
import { runHere } from "./fixtures/run-here.ts";

const now = new Date("2026-07-15T16:10:00Z");

describe("wrong usage ends with 2, says what is meant on stderr, and leaves stdout alone:", () => {
  const cases: readonly [readonly string[], string][] = [
    [["stauts"], "cistern: unknown command 'stauts'\n  Did you mean status?\n"],
    [["status", "--jsn"], "cistern: unknown option '--jsn'\n  Did you mean --json?\n"],
    [["events", "exprt"], "cistern: unknown command 'exprt'\n  Did you mean export?\n"],
    [["help", "stauts"], "cistern: unknown command 'stauts'\n  Did you mean status?\n"],
    [["help", "events", "exprt"], "cistern: unknown command 'exprt'\n  Did you mean export?\n"],
    [["events", "help", "exprt"], "cistern: unknown command 'exprt'\n  Did you mean export?\n"],
    [["stauts", "--help"], "cistern: unknown command 'stauts'\n  Did you mean status?\n"],
    [["nope"], "cistern: unknown command 'nope'\n  cistern --help lists the commands\n"],
    [["help", "nope"], "cistern: unknown command 'nope'\n  cistern --help lists the commands\n"],
    [["keys", "nope"], "cistern: unknown command 'nope'\n  cistern keys --help lists the commands\n"],
    [["restore"], expect.stringMatching(/^cistern: missing required argument 'file'\n {2}\S/) as string],
    [["status", "here"], expect.stringMatching(/^cistern: too many arguments for 'status'/) as string],
    [
      ["serve", "--listen", "7411"],
      expect.stringMatching(
        /^cistern: option '--listen <host:port>' argument '7411' is invalid\. Expected an address and a port/,
      ) as string,
    ],
    [["events", "export", "--after", "3"], expect.stringMatching(/^cistern: --after needs --collector/) as string],
    [
      ["serve", "--tls-cert", "c.pem"],
      expect.stringMatching(/^cistern: --tls-cert and --tls-key go together/) as string,
    ],
    [["token", "create", "--name", "x", "--role", "admn"], expect.stringMatching(/Did you mean 'admin'\?/) as string],
    [["ack", "--gap", "1", "--all"], expect.stringMatching(/^cistern: give one of/) as string],
  ];

  test.each(cases)("cistern %j", async (args, stderr) => {
    expect(await runHere(args, { now })).toEqual({ code: 2, stdout: "", stderr });
  });

  test("as a process of its own, too", async () => {
    expect(await runCli(cases[0]![0])).toEqual({ code: 2, stdout: "", stderr: cases[0]![1] });
  });
});

test.each([
  [["help", "events", "export"], "Usage: cistern events export"],
  [["events", "help", "export"], "Usage: cistern events export"],
  [["help", "keys"], "Usage: cistern keys"],
  [["help"], "Usage: cistern [options]"],
])("cistern %j is the page of help", async (args, start) => {
  const { code, stdout, stderr } = await runHere(args, { now });

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.startsWith(start)).toBe(true);
});

test("the version is the manifest's, on stdout", async () => {
  expect(await runCli(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("what cannot be used is told in one line and its remedy:", () => {
  const folder = mkdtempSync(join(tmpdir(), "cistern-cli-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a data folder that is not there", async () => {
    const { code, stdout, stderr } = await runCli(["status", "--data-dir", join(folder, "absent")]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `cistern: The data folder ${folder}/absent does not exist\n  Name the right one with --data-dir, or start the server once to make it\n`,
    );
  });

  test("a configuration file with mistakes, every one with its line", async () => {
    const file = join(folder, "c.yaml");
    writeFileSync(
      file,
      "collectors:\n  - name: a\n    connector: chatgpt-enterprize\n    settings: {}\n    data_sources: []\nsits: []\n",
    );

    const { code, stdout, stderr } = await runCli(["check", "--config", file]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      `${file}:3:16 unknown connector 'chatgpt-enterprize'; did you mean 'chatgpt-enterprise'?`,
      `${file}:5:19 data_sources: expected a list of data sources, such as [audit-log]`,
      `${file}:6:1 unknown key 'sits' in the file; did you mean 'sites'?`,
      `cistern: The configuration file ${file} has 3 problems; nothing was started`,
      "  docs/configuration.md describes every key",
      "",
    ]);
  });

  test("an address that others can reach, without TLS", async () => {
    const { code, stderr } = await runCli(["serve", "--listen", "0.0.0.0:7411", "--data-dir", join(folder, "d")]);

    expect(code).toBe(2);
    expect(stderr).toContain(
      "cistern: 0.0.0.0:7411 can be reached by other machines, and nothing would be encrypted\n",
    );
  });

  test("an environment variable that makes no sense", async () => {
    const { code, stderr } = await runCli(["status"], { CISTERN_LOG_LEVEL: "debgu" });

    expect(code).toBe(2);
    expect(stderr).toBe(
      "cistern: The environment variable CISTERN_LOG_LEVEL is not a log level\n  Did you mean debug?\n",
    );
  });
});

describe("on a data folder with events", () => {
  let dir: FilledDataDir;
  beforeAll(async () => {
    dir = await fillDataDir();
  });
  afterAll(() => rmSync(dir.path, { recursive: true }));
  const run = (...args: string[]) => runCli([...args, "--data-dir", dir.path]);

  test("status --json has the promised shape", async () => {
    const { code, stdout } = await run("status", "--json");

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      collectors: [
        {
          name: "prod",
          connector: "chatgpt-enterprise",
          health: "degraded",
          data_sources: [
            {
              name: "conversations",
              cursor: "2026-07-15T15:30:00Z",
              complete_through: "2026-07-15T15:30:00Z",
              newest_event: "2026-07-15T15:00:59.001199Z",
              events: 1_200,
              duplicates: 0,
              conflicts: 0,
              quarantined: 1,
              files_done: 3,
              files_pending: 1,
              holes: [{ file_id: "eclf_hole", end_time: "2026-07-15T15:30:00Z", attempts: 0 }],
              gaps: [],
            },
            {
              name: "audit-log",
              events: 0,
              gaps: [
                { from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z", reason: "stopped_too_long", files: 0 },
              ],
            },
          ],
        },
      ],
    });
  });

  test("export writes every line byte for byte, in log order, and twice the same", async () => {
    const first = await run("events", "export");
    const second = await run("events", "export");

    const lines = first.stdout.trimEnd().split("\n");
    expect(first.code).toBe(0);
    expect(lines.map((line) => line.slice(line.indexOf(',"raw":') + 7, -1))).toEqual(dir.lines);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      key: expect.stringMatching(new RegExp(`^${dir.collectorId}:e0:[0-9a-f]{16}$`)) as string,
      seq: 1,
      event_id: "e0",
      collector: "prod",
      collector_id: dir.collectorId,
      connector: "chatgpt-enterprise",
      data_source: "conversations",
      type: "CONVERSATION_MESSAGE",
      sitename: "hq",
      timezone: "Europe/Berlin",
      origin: { file_id: "eclf_0", line: 1 },
    });
    expect(second.stdout).toBe(first.stdout);
  });

  test("export goes on after a position and keeps to bounds of event time", async () => {
    const rest = await run("events", "export", "--collector", "prod", "--after", "1190");
    const minute = await run("events", "export", "--from", "2026-07-15T15:00:59Z", "--to", "2026-07-15T15:01:00Z");

    expect(
      rest.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).seq),
    ).toEqual([1191, 1192, 1193, 1194, 1195, 1196, 1197, 1198, 1199, 1200]);
    expect(minute.stdout.trimEnd().split("\n")).toHaveLength(20);
  });

  test("export ends quietly, and with 0, when its reader has had enough", async () => {
    const main = join(import.meta.dirname, "main.ts");
    const script = `"$0" "${main}" events export --data-dir "${dir.path}" | head -n 1; exit \${PIPESTATUS[0]}`;

    const { status, stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath], { encoding: "utf8" });

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ seq: 1 });
  });

  test("an unknown collector is named with the nearest one", async () => {
    const { code, stderr } = await run("events", "export", "--collector", "prd");

    expect(code).toBe(2);
    expect(stderr).toBe("cistern: There is no collector 'prd'\n  Did you mean 'prod'?\n");
  });

  test("what waits for a person is listed, acknowledged once, and then gone", async () => {
    const before = await run("ack", "--json");
    const done = await run("ack", "--gap", "1", "--by", "ada");
    const again = await run("ack", "--gap", "1", "--by", "ada");
    const after = await run("ack", "--json");
    const gaps = await run("gaps", "--json");

    const kinds = (text: string) => JSON.parse(text).waiting.map(({ kind }: { kind: string }) => kind);
    expect(kinds(before.stdout)).toEqual(["gap", "line"]);
    expect(done).toMatchObject({ code: 0, stdout: "Acknowledged.\n" });
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("There is no gap 1 that waits to be acknowledged");
    expect(kinds(after.stdout)).toEqual(["line"]);
    expect(JSON.parse(gaps.stdout).gaps[0]).toMatchObject({ id: 1, collector: "prod", acknowledged_by: "ada" });
  });

  test("a token is printed alone on stdout, and nothing of it on stderr", async () => {
    const { code, stdout, stderr } = await run("token", "create", "--role", "viewer", "--name", "grafana");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^cistern_api_\S+\n$/);
    expect(stderr).not.toContain(stdout.trim());
  });

  test("doctor finds a sound store sound", async () => {
    const { code, stdout } = await run("doctor", "--json");

    const { ok, checks } = JSON.parse(stdout);
    expect(checks.flatMap(({ violations }: { violations: unknown[] }) => violations)).toEqual([]);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
  });

  test("no command prints the secret", async () => {
    const outputs = await Promise.all([run("status"), run("status", "--json"), run("doctor"), run("events", "export")]);

    expect(outputs.map(({ stdout, stderr }) => stdout + stderr).join("")).not.toContain("canary");
  });
});
