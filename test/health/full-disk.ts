// A disk that is almost full, where this user may mount one.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Outcome, play } from "./scenarios.ts";

const DISK_MB = 96;
const LEFT_MB = 3;

/** Undefined where no disk may be mounted. */
export async function fullDisk(): Promise<Outcome | undefined> {
  const disk = mkdtempSync(join(tmpdir(), "cistern-health-disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m`, "tmpfs", disk]);
  try {
    if (status !== 0) return undefined;
    return await play({
      name: "a disk that is almost full",
      cause: "disk_full",
      world: { dataDir: join(disk, "data") },
      provoke: async () => {
        const { stdout } = spawnSync("df", ["--output=avail", "-m", disk], { encoding: "utf8" });
        const free = Number(stdout.split("\n")[1]);
        writeFileSync(join(disk, "ballast"), Buffer.alloc((free - LEFT_MB) * 1024 ** 2));
      },
    });
  } finally {
    if (status === 0) spawnSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}
