// rsyslog for the tests of the syslog destination: the installed one, or Debian's, or a reason why there is none.
//
// Run as a program it prints the path on stdout and everything else on stderr.
import { existsSync, globSync } from "node:fs";
import { installPackages } from "./debian-packages.ts";

/** A daemon to use, or the reason (a clause without a full stop) why there is none. */
export type Rsyslog =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path?: undefined; readonly reason: string };

const PATH = "/usr/sbin/rsyslogd";
/** The second one is its TLS by OpenSSL. */
const DEBIAN_PACKAGES = ["rsyslog", "rsyslog-openssl"];
const TLS_MODULE = "/usr/lib/*/rsyslog/lmnsd_ossl.so";

/** The installed daemon, with what it needs for TLS. Starts nothing. */
export function findRsyslog(): Rsyslog {
  if (existsSync(PATH) && globSync(TLS_MODULE).length > 0) return { path: PATH };
  return { reason: `no ${DEBIAN_PACKAGES.join(" and ")} found; install them, on Debian by node scripts/rsyslog.ts` };
}

/** Finds rsyslog, or installs Debian's, which takes some seconds and needs root or sudo. Says on stderr when it installs. */
export function provisionRsyslog(env: NodeJS.ProcessEnv): Rsyslog {
  const installed = findRsyslog();
  if (installed.path !== undefined) return installed;
  const reason = installPackages(DEBIAN_PACKAGES, "for the tests of syslog", env);
  return reason === undefined ? findRsyslog() : { reason: `no rsyslog found: ${reason}` };
}

if (import.meta.main) {
  const rsyslog = provisionRsyslog(process.env);
  if (rsyslog.path === undefined) process.stderr.write(`No rsyslog: ${rsyslog.reason}\n`);
  else process.stdout.write(`${rsyslog.path}\n`);
  process.exitCode = rsyslog.path === undefined ? 1 : 0;
}
