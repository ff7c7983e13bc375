import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";

/** Delivers in a process of its own, which has to end by itself once its sender is closed: nothing may be left open. */
export function expectToEnd(name: string, exported: string, settings: Readonly<Record<string, unknown>>): void {
  const script = join(import.meta.dirname, "lone-sender.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, name, exported, JSON.stringify(settings)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });

  expect(stderr).toBe("");
  expect(status).toBe(0);
  const { during, after } = JSON.parse(stdout) as Record<"during" | "after", readonly string[]>;
  const sockets = (resources: readonly string[]) => resources.filter((one) => /TCP|TLS/.test(one));
  expect(sockets(during)).not.toEqual([]);
  expect(sockets(after)).toEqual([]);
}
