// Programs that tests need and Debian has: installed where they are missing, which takes some seconds and needs root or sudo.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Installs the packages. Returns why it could not, a clause without a full stop; undefined where it did. Says on stderr that it does. */
export function installPackages(packages: readonly string[], why: string, env: Environment): string | undefined {
  if (!existsSync("/etc/debian_version")) return "this is no Debian to install it on";
  process.stderr.write(`Installing Debian's ${packages.join(" and ")}, ${why}\n`);
  const apt = (...args: string[]) => {
    const [command, ...rest] = [...(process.getuid?.() === 0 ? [] : ["sudo", "-n"]), "apt-get", "-q", ...args];
    const options = { stdio: ["ignore", 2, 2] as ["ignore", number, number] };
    return spawnSync(command!, rest, { ...options, env: { ...env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
  };
  if (!apt("update")) return "apt-get update failed";
  const install = ["-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends"];
  return apt(...install, ...packages) ? undefined : `apt-get could not install ${packages.join(" and ")}`;
}

/** Programs by name, and the packages that bring them. */
const PROGRAMS = { kcat: "kcat", "nats-server": "nats-server" } as const;

/** Installs those of the programs that are not there. Returns why one is still missing. */
export function provisionPrograms(env: Environment): string | undefined {
  const missing = Object.entries(PROGRAMS).filter(([name]) => !isProgram(name, env));
  if (missing.length === 0) return undefined;
  return installPackages(
    missing.map(([, name]) => name),
    "for the tests of destinations",
    env,
  );
}

function isProgram(name: string, { PATH = "" }: Environment): boolean {
  return [...PATH.split(":"), "/usr/sbin"].some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
