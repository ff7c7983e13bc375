import { execFile, spawnSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const TOOLS = ["bash", "curl", "jq", "sha256sum"] as const;
const run = promisify(execFile);

export interface ScriptRound {
  readonly baseUrl: string;
  readonly workspaceId: string;
  /** The one file that everything is appended to. */
  readonly out: string;
  readonly events: number;
}

/** The tools that the script needs and this machine lacks. */
export const missingTools = (): readonly string[] =>
  TOOLS.filter((tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).error !== undefined);

/** Lets the script collect everything. Throws where it did not end with every event and its id. */
export async function measureScript({ baseUrl, workspaceId, out, events }: ScriptRound) {
  const script = join(import.meta.dirname, "script.sh");
  const started = performance.now();
  await run(script, [baseUrl, "sk-bench", workspaceId, "CONVERSATION_MESSAGE", "1970-01-01T00:00:00Z", out]);
  const seconds = (performance.now() - started) / 1_000;
  const found = await idsIn(out);
  if (found !== events) throw new Error(`The script has the ids of ${found} events of ${events}`);
  return { eventsPerSecond: Math.round(events / seconds) };
}

async function idsIn(path: string): Promise<number> {
  const ids = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(path) }))
    ids.add(line.slice(0, line.indexOf("\t")));
  return ids.size;
}
