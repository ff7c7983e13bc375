// Types and lint: what a computer can say about the code without running it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);

/** Runs a JavaScript program of an installed package on this Node, its output being ours. Answers its exit code. */
export function runTool(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return new Promise<number>((settle, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules", script), ...args], {
      cwd: root,
      env,
      stdio: "inherit",
    });
    const stop = () => child.kill();
    process.once("SIGTERM", stop).once("SIGINT", stop);
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGTERM", stop).off("SIGINT", stop);
      settle(code ?? 1);
    });
  });
}

/** Checks server types, console types (where there is a console) and lint, all of them; answers which hold. */
export async function runChecks(): Promise<readonly { readonly name: string; readonly ok: boolean }[]> {
  const tsc = (project: string) => runTool("typescript/bin/tsc", ["--noEmit", "-p", project]);
  const results = [{ name: "types", ok: (await tsc("tsconfig.json")) === 0 }];
  if (existsSync(join(root, "web", "tsconfig.json")))
    results.push({ name: "types of the console", ok: (await tsc("web/tsconfig.json")) === 0 });
  results.push({
    name: "lint",
    ok: (await runTool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings"])) === 0,
  });
  for (const { name, ok } of results) process.stdout.write(`${ok ? "ok" : "FAILED"}: ${name}\n`);
  return results;
}

if (import.meta.main) process.exitCode = (await runChecks()).every(({ ok }) => ok) ? 0 : 1;
