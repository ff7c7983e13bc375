import { PassThrough, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { healthStates } from "../model/health.ts";
import type { Cli, Output } from "./cli.ts";
import { framed } from "./frame.ts";
import { healthMark } from "./marks.ts";
import { plainText } from "./plain-text.ts";
import { progressOn } from "./progress.ts";
import { statusLines } from "./status-view.ts";
import { spokenBytes, tableLines } from "./table.ts";

function aCli(isTTY: boolean): { readonly cli: Cli; readonly said: () => string } {
  let text = "";
  const write = (chunk: Buffer, _: string, done: () => void) => {
    text += chunk.toString("utf8");
    done();
  };
  const stderr: Output = Object.assign(new Writable({ write }), { isTTY, columns: 60 });
  let ms = 0;
  const cli: Cli = {
    stdout: new PassThrough(),
    stderr,
    variables: {},
    now() {
      ms += 1_000;
      return new Date(ms);
    },
    stopSignal: () => new AbortController().signal,
    exitCode: 0,
  };
  return { cli, said: () => text };
}

test("text from elsewhere cannot move the cursor, colour the screen or turn its direction", () => {
  expect(plainText("a\u001b[31mb\u0007\u202ec\nd\u0000")).toBe("a\\u001b[31mb\\u0007\\u202ec d\\u0000");
  expect(plainText("größe 漢字 🙂")).toBe("größe 漢字 🙂");
});

describe("progress", () => {
  test("moves in one line on a terminal, no wider than it, and goes away", () => {
    const { cli, said } = aCli(true);
    const progress = progressOn(cli, "Backing up");

    progress.update(1, 4, "x".repeat(100));
    progress.end();

    const erase = "\r\u001b[K";
    const line = `Backing up  ██████░░░░░░░░░░░░░░░░░░  25 %  ${"x".repeat(100)}`.slice(0, 59);
    expect(said()).toBe(`${erase}${line}${erase}`);
  });

  test("is a line for every tenth elsewhere, without control characters", () => {
    const { cli, said } = aCli(false);
    const progress = progressOn(cli, "Exporting");

    for (const done of [0, 1, 2, 10, 11, 20]) progress.update(done, 20);
    progress.end();

    expect(said()).toBe("Exporting  0 %\nExporting  10 %\nExporting  50 %\nExporting  100 %\n");
  });
});

test("a table stands in columns, numbers to the right", () => {
  const lines = tableLines(
    [{ heading: "NAME" }, { heading: "N", align: "right" }],
    [
      ["a", "1"],
      ["größe", "1,000"],
    ],
  );

  expect(lines).toEqual(["NAME       N", "a          1", "größe  1,000"]);
});

test("sizes are spoken in one unit", () => {
  expect([0, 999, 1_000, 1_540_000, 250_000_000_000].map(spokenBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "1.5 MB",
    "250 GB",
  ]);
});

test("a frame is a box on a terminal and lines of dashes elsewhere", () => {
  expect(framed(["ab", "c"], true)).toEqual(["┌────┐", "│ ab │", "│ c  │", "└────┘"]);
  expect(framed(["ab", "c"], false)).toEqual(["--", "ab", "c", "--"]);
});

test("every health has a shape and a word, so that no colour is needed", () => {
  const marks = healthStates.map((health) => healthMark(health, new PassThrough()));

  expect(marks.every((mark) => /^\S \S/.test(mark))).toBe(true);
  expect(new Set(marks).size).toBe(healthStates.length);
});

test("status for people says what is not as it should be, and what to do", () => {
  const source = {
    name: "audit-log",
    health: "failed",
    cause: "key_refused",
    fault: "key",
    evidence: [{ fact: "First failing call", value: "2026-07-15 11:00:00 UTC (401, key_refused)" }],
    support: "Subject: refused\n\nHello\u001b[2J",
    reason: "OpenAI refuses the key\u001b[2J",
    action: "Enter a new key",
    events: 1_200,
    duplicates: 0,
    conflicts: 0,
    quarantined: 0,
    files_done: 3,
    files_pending: 0,
    holes: [],
    gaps: [],
  } as const;
  const { reason, health, cause, fault } = source;

  const lines = statusLines(
    {
      collectors: [
        { name: "prod", connector: "chatgpt-enterprise", health, cause, fault, reason, data_sources: [source] },
      ],
    },
    new PassThrough(),
  );

  expect(lines).toEqual([
    "prod (chatgpt-enterprise)  ✗ failed",
    "  DATA SOURCE  HEALTH    EVENTS  LAG  COMPLETE THROUGH  PENDING  GAPS  SET ASIDE",
    "  audit-log    ✗ failed   1,200    –  –                       0     0          0",
    "  audit-log: OpenAI refuses the key\\u001b[2J. The cause lies with your key.",
    "    Enter a new key",
    "    - First failing call: 2026-07-15 11:00:00 UTC (401, key_refused)",
    "  A message to support, ready to send:",
    "    | Subject: refused",
    "    | ",
    "    | Hello\\u001b[2J",
  ]);
});
