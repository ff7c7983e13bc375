import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CollectorError } from "../model/errors.ts";
import { systemRandomBytes } from "../runtime/clock.ts";

/** Stands only in folders that a demo made: without it nothing is emptied. */
const MARKER = "demo.json";

const DemoFactsSchema = z.object({
  seed: z.number(),
  startedAt: z.iso.datetime(),
  account: z.string(),
  password: z.string(),
});

/** What has to be the same at every run of one demo. Made-up data, so that the password may stand in a file. */
export type DemoFacts = z.infer<typeof DemoFactsSchema>;

/** The facts of the folder's demo, made where the folder is new. Refuses a folder that holds anything else. */
export function openDemoFolder(dataDir: string, now: Date): DemoFacts {
  const marker = join(dataDir, MARKER);
  if (existsSync(marker)) return DemoFactsSchema.parse(JSON.parse(readFileSync(marker, "utf8")));
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) throw notADemo(dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const password = Buffer.from(systemRandomBytes(12)).toString("base64url");
  const facts: DemoFacts = { seed: 1, startedAt: now.toISOString(), account: "demo", password };
  writeFileSync(marker, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
  return facts;
}

/** Removes what is in the folder. Refuses a folder that no demo made. */
export function emptyDemoFolder(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  const names = readdirSync(dataDir);
  if (names.length === 0) return;
  if (!names.includes(MARKER)) throw notADemo(dataDir);
  // The marker last: a removal that is cut off can be gone on with.
  for (const name of names.filter((entry) => entry !== MARKER)) rmSync(join(dataDir, name), { recursive: true });
  rmSync(join(dataDir, MARKER));
}

const notADemo = (dataDir: string) =>
  new CollectorError("config_invalid", `The folder ${dataDir} holds something else than a demo's data`, {
    reason: "not_a_demo",
    action: "Name another folder with --data-dir; nothing was changed",
  });
