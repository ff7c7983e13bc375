// Each state provoked once, with real processes. What a scenario waits for is the cause: it is finer than the state.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { HealthCause, HealthReport } from "../../src/model/health.ts";
import { inWorld, untilCause, type World, type WorldOptions } from "./world.ts";

export interface Scenario {
  readonly name: string;
  readonly cause: HealthCause;
  readonly world?: WorldOptions;
  /** Done once the data source runs; absent where the world as it starts is the provocation. */
  readonly provoke?: (world: World) => Promise<void>;
  /** Quick enough for every run of the tests. */
  readonly quick?: boolean;
}

export interface Outcome {
  readonly report: HealthReport;
  readonly seconds: number;
}

const LIMIT_MS = 180_000;
const quirks = (given: object) => ["--quirks", JSON.stringify(given)];
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const switchOn = (given: object) => (world: World) => world.sandbox.control("PATCH", "/quirks", given);

/** Provokes the state and waits for it; the seconds count from the provocation to the first answer that names it. */
export async function play({ cause, world: options = {}, provoke }: Scenario): Promise<Outcome> {
  let startedMs = performance.now();
  return await inWorld(options, async (world) => {
    if (provoke) {
      await untilCalm(world);
      startedMs = performance.now();
      await provoke(world);
    }
    const report = await untilCause(world, cause, LIMIT_MS);
    return { report, seconds: (performance.now() - startedMs) / 1_000 };
  });
}

const untilCalm = async (world: World): Promise<void> => {
  for (const deadline = performance.now() + LIMIT_MS; performance.now() < deadline; ) {
    const { cause } = await world.report();
    if (cause === "collecting" || cause === "quiet") return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The collector does not run: ${JSON.stringify(await world.report())}`);
};

export const scenarios: readonly Scenario[] = [
  {
    name: "nothing of this kind",
    cause: "nothing_yet",
    world: { sandbox: quirks({ quietTypes: ["CONVERSATION_MESSAGE"] }) },
  },
  { name: "quiet", cause: "quiet", world: { sandbox: ["--start-at", hoursAgo(5), "--no-live"] } },
  { name: "a first look", cause: "starting", world: { sandbox: ["--days", "30", "--rate", "2"] } },
  { name: "a backlog", cause: "catching_up", world: { sandbox: ["--days", "4", "--rate", "30"] }, quick: true },
  {
    name: "a feed that is never silent, silent for three hours",
    cause: "stalled_upstream",
    world: {
      dataSource: "audit-log",
      sandbox: ["--days", "3", "--people", "60", "--events-per-day", "30000", "--start-at", hoursAgo(3), "--no-live"],
    },
  },
  {
    name: "a revoked key",
    cause: "key_refused",
    provoke: (world) => world.sandbox.control("POST", "/keys/all-read/revoke", {}),
    quick: true,
  },
  {
    name: "a scope taken away",
    cause: "scope_missing",
    provoke: switchOn({ forbiddenTypes: ["CONVERSATION_MESSAGE"] }),
    quick: true,
  },
  { name: "events of another workspace", cause: "configuration", world: { sandbox: quirks({ foreignPrincipal: 1 }) } },
  {
    name: "upstream's machine is gone",
    cause: "network_theirs",
    provoke: async (world) => void world.sandbox.child.kill("SIGKILL"),
  },
  {
    name: "no name look-up",
    cause: "network_ours",
    world: { settings: () => ({ base_url: "https://compliance-api.invalid/v1" }) },
  },
  { name: "errors of 500", cause: "upstream_failing", provoke: switchOn({ serverErrors: 1 }) },
  { name: "a web page instead of data", cause: "network_ours", provoke: switchOn({ htmlPages: 1 }) },
  {
    name: "a list that does not move",
    cause: "upstream_answers_wrong",
    world: { sandbox: quirks({ stuckPaging: "null" }) },
  },
  { name: "429 for every request", cause: "throttled", provoke: switchOn({ throttled: 1 }) },
  { name: "lines that are not JSON", cause: "set_aside", world: { sandbox: quirks({ malformedLines: 1 }) } },
  {
    name: "a month that upstream no longer has",
    cause: "gap",
    provoke: (world) => world.sandbox.control("POST", "/advance", { ms: 31 * 86_400_000 }),
  },
  {
    name: "the key of the secrets is gone",
    cause: "settings_missing",
    provoke: (world) => world.restart(() => rmSync(join(world.dataDir, "secret.key"))),
  },
  {
    name: "paused by a person",
    cause: "paused",
    provoke: async ({ ask }) => {
      const { body } = await ask("GET", "/api/v1/collectors");
      await ask("POST", `/api/v1/collectors/${body.collectors[0].id}/data-sources/conversations/pause`, {});
    },
  },
];
