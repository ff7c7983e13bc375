// The browser for the browser tests: an installed Chromium, or Debian's, or a reason why there is none.
//
// Run as a program it prints the path on stdout and everything else on stderr.
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** What decides whether a browser is used, installed or done without. */
export interface BrowserFacts {
  readonly installed: string | undefined;
  readonly ci: boolean;
  readonly root: boolean;
  readonly debian: boolean;
}

/** A browser to use, or the reason (a clause without a full stop) why there is none. */
export type Browser =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path?: undefined; readonly reason: string };

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

// Latin, Chinese, Japanese, Korean, Thai and emoji, so that no screenshot shows empty boxes.
const DEBIAN_PACKAGES = [
  "chromium",
  "fonts-liberation",
  "fonts-droid-fallback",
  "fonts-tlwg-loma-otf",
  "fonts-noto-color-emoji",
];

/** The first executable of CHROMIUM_PATH, then of the usual names on PATH. Starts nothing. */
export function findBrowser(env: Environment): string | undefined {
  if (env.CHROMIUM_PATH) return isExecutable(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** An installed browser is used; CI and a root on Debian install one; everyone else is told how to get one. */
export function planBrowser(facts: BrowserFacts): Browser | { readonly install: true } {
  if (facts.installed !== undefined) return { path: facts.installed };
  if (facts.debian && (facts.ci || facts.root)) return { install: true };
  return { reason: "no Chromium found; install one or set CHROMIUM_PATH" };
}

/** Finds or installs a browser that starts. Says on stderr when it installs; takes a minute then. */
export function provisionBrowser(env: Environment): Browser {
  const installed = findBrowser(env);
  if (env.CHROMIUM_PATH && installed === undefined)
    return { reason: `CHROMIUM_PATH names ${env.CHROMIUM_PATH}, which is not an executable file` };
  const root = process.getuid?.() === 0;
  const plan = planBrowser({ installed, ci: env.CI === "true", root, debian: isDebian() });
  if (!("install" in plan)) return plan.path === undefined ? plan : tried(plan.path);
  const failure = installOnDebian(root, env);
  if (failure !== undefined) return { reason: failure };
  const path = findBrowser(env);
  return path === undefined ? { reason: "Debian's chromium is installed, but not on PATH" } : tried(path);
}

// Some systems ship a stand-in that only tells how to install the real one.
function tried(path: string): Browser {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 30_000 });
  return status === 0 && /chrom/i.test(stdout) ? { path } : { reason: `${path} does not start` };
}

function installOnDebian(root: boolean, env: Environment): string | undefined {
  process.stderr.write(`Installing Debian's Chromium for the browser tests: ${DEBIAN_PACKAGES.join(" ")}\n`);
  const apt = (...args: string[]) => {
    const [command, ...rest] = [...(root ? [] : ["sudo", "-n"]), "apt-get", ...args];
    const options = { stdio: ["ignore", 2, 2] as ["ignore", number, number] };
    return spawnSync(command!, rest, { ...options, env: { ...env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
  };
  if (!apt("-q", "update")) return "apt-get update failed";
  const install = ["-q", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends"];
  return apt(...install, ...DEBIAN_PACKAGES) ? undefined : "apt-get could not install chromium";
}

function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false; // no such file: not a Linux that names itself
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // absent or not ours to run: either way it is no browser for us
  }
}

if (import.meta.main) {
  const browser = provisionBrowser(process.env);
  if (browser.path === undefined) process.stderr.write(`No browser: ${browser.reason}\n`);
  else process.stdout.write(`${browser.path}\n`);
  process.exitCode = browser.path === undefined ? 1 : 0;
}
