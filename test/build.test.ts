// The archive, as an operator gets it: unpacked somewhere, with nothing else on the machine.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../scripts/build.ts";

let folder: string;
let home: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern build "));
  const archive = build(folder);
  spawnSync("tar", ["-xzf", archive, "-C", folder]);
  home = join(folder, basename(archive, ".tar.gz"));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"));
const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: folder, env: {}, encoding: "utf8", timeout: 30_000 });

test("runs with nothing on PATH and tells its version", () => {
  const { stdout, stderr, status } = run(join(home, "bin/cistern"), "--version");

  expect({ stdout, stderr, status }).toEqual({ stdout: `${version}\n`, stderr: "", status: 0 });
});

test("runs through a symbolic link, as a command on PATH would be", () => {
  symlinkSync(join(home, "bin/cistern"), join(folder, "cistern"));

  const { stdout, stderr } = spawnSync(join(folder, "cistern"), ["--version"], { env: process.env, encoding: "utf8" });

  expect({ stdout, stderr }).toEqual({ stdout: `${version}\n`, stderr: "" });
});

test("refuses a wrong command with exit code 2", () => {
  expect(run(join(home, "bin/cistern"), "no-such-command").status).toBe(2);
});

test("holds the licence, the texts and every data file of the server, but no test and no source", () => {
  const files = readdirSync(join(home, "src"), { recursive: true, encoding: "utf8" });

  expect(files.filter((file) => /\.ts$|\.test\.|^testing/.test(file))).toEqual([]);
  expect(files.some((file) => file.endsWith(".sql"))).toBe(true);
  for (const path of ["LICENSE", "README.md", "docs", "examples", "dist/console/index.html", "bin/node"])
    expect(existsSync(join(home, path)), path).toBe(true);
});

test("gives out the pictures of its documents", () => {
  const program = `import { docsReader } from "./src/assets.js";
    console.log(docsReader().picture("images/overview-light.png")?.type, docsReader().picture("../package.json"))`;

  const { stdout } = spawnSync(join(home, "bin/node"), ["--input-type=module", "-e", program], {
    cwd: home,
    encoding: "utf8",
  });

  expect(stdout).toBe("image/png undefined\n");
});
