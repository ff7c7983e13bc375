// One set-up at a time: a lock file that names the process which holds it.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

const WAIT_MS = 10 * 60_000;
const POLL_MS = 200;

/** A sentence for the person at the terminal; anything else that set-up throws is a bug. */
export class SetupError extends Error {}

/**
 * Waits until the file is ours; answers what gives it back. A file whose process is gone counts as free.
 * @param {string} path
 * @returns {Promise<() => void>}
 */
export async function lock(path) {
  const deadline = Date.now() + WAIT_MS;
  for (let said = false; Date.now() < deadline; ) {
    if (tryLock(path)) return () => rmSync(path, { force: true });
    const pid = holder(path);
    if (pid !== undefined && !isAlive(pid)) {
      takeAway(path, pid);
      continue;
    }
    if (!said) process.stderr.write(`Another set-up is at work (pid ${pid}); waiting for it …\n`);
    said = true;
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
  throw new SetupError(`Another set-up still holds ${path}. Delete that file if none is running.`);
}

/** @param {string} path */
function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

// By rename, so that of two who both saw a dead holder only one takes the file away, and never a newer one's.
/** @param {string} path @param {number} pid */
function takeAway(path, pid) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // the other one was faster
  }
  if (holder(aside) !== pid && !existsSync(path)) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

/** @param {string} path */
function holder(path) {
  try {
    return Number.parseInt(readFileSync(path, "utf8"), 10) || undefined;
  } catch {
    return undefined; // given back in this moment
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
