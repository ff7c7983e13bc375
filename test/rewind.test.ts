// A rewind as an operator makes it: through the API, from the command line beside a server, and with nothing running.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import { type Ask, eventually, serveProduct, signIn } from "./served-product.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const START = "2026-11-18T16:00:00Z";

async function given() {
  const folder = mkdtempSync(join(tmpdir(), "cistern-rewind-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const sandbox = await startSandbox({
    port: 0,
    days: 1,
    people: 4,
    eventsPerDay: 200,
    live: false,
    ratePerMinute: 0,
    startAt: START,
  });
  cleanUp.push(() => sandbox.close());
  const config = join(folder, "cistern.yaml");
  writeFileSync(
    config,
    `collectors:
  - name: prod
    connector: chatgpt-enterprise
    poll_interval: 5s
    requests_per_minute: 6000
    settings:
      token: ${sandbox.key}
      workspace_id: ${sandbox.workspaceId}
      base_url: ${sandbox.baseUrl}
    data_sources: [conversations]
`,
  );
  const dataDir = join(folder, "data");
  const cistern = (...args: string[]) => runCli([...args, "--data-dir", dataDir, "--json"]);
  const rewind = (...args: string[]) =>
    cistern("rewind", "--collector", "prod", "--data-source", "conversations", ...args);
  return { sandbox, config, dataDir, cistern, rewind };
}

/** The data source, once `look` is true of it. */
const sourceWhen = (ask: Ask, id: string, what: string, look: (source: Source) => boolean) =>
  eventually(what, async () => {
    const { sources } = (await ask("GET", `/api/v1/collectors/${id}`)).body;
    return look(sources[0]) ? (sources[0] as Source) : undefined;
  });

interface Source {
  readonly pending: number;
  readonly completeThrough?: string;
  readonly counts: { readonly filesDone: number; readonly events: number };
  readonly rewind?: { readonly id: number; readonly phase: string; readonly again: { files: number; done: number } };
}

test("an operator rewinds through the API and from the command line beside the server; nothing is doubled", async () => {
  const { sandbox, config, dataDir, rewind } = await given();
  const server = await serveProduct(dataDir, { args: ["--config", config] });
  cleanUp.push(() => server.child.kill("SIGKILL"));
  const ask = await signIn(server);
  const { id } = (await ask("GET", "/api/v1/collectors")).body.collectors[0];
  const before = await sourceWhen(
    ask,
    id,
    "caught up",
    (source) => source.completeThrough !== undefined && source.pending === 0,
  );
  const path = `/api/v1/collectors/${id}/data-sources/conversations/rewind`;

  const forecast = (await ask("POST", `${path}/forecast`, { to: "2026-11-18T08:00:00Z" })).body;
  expect(forecast.here.files).toBeGreaterThan(1);
  expect((await ask("POST", path, { token: forecast.token, refetch: true })).status).toBe(204);
  const first = await sourceWhen(ask, id, "the first rewind", ({ rewind: last }) => last?.phase === "done");
  const told = JSON.parse((await rewind("--to", "2026-11-18T08:00:00Z", "--refetch", "--yes")).stdout);
  const second = await sourceWhen(
    ask,
    id,
    "the second rewind",
    ({ rewind: last }) => last?.phase === "done" && last.id !== first.rewind?.id,
  );

  expect(told).toMatchObject({ rewound: true, here: forecast.here, to_fetch: { files: 0 } });
  expect([first, second].map(({ rewind: last }) => last?.again.done)).toEqual([
    forecast.here.files,
    forecast.here.files,
  ]);
  expect(second.counts).toEqual(before.counts);
  expect(sandbox.counters.requests["download 307"]).toBe(before.counts.filesDone + 2 * forecast.here.files);
  const record = (await ask("GET", "/api/v1/access-record?limit=50")).body as { who: string; action: string }[];
  const rewinds = record.filter(({ action }) => action === "data_source.rewound").map(({ who }) => who);
  expect(rewinds).toEqual(["command line", expect.stringContaining("admin")]);
  expect(await server.stop()).toBe(0);
}, 90_000);

test("with nothing running, a rewind is noted for the next start, and can be cancelled before", async () => {
  const { sandbox, config, dataDir, cistern, rewind } = await given();
  const collect = () => cistern("run", "--config", config, "--until-caught-up");
  expect((await collect()).code).toBe(0);
  const downloads = sandbox.counters.requests["download 307"]!;
  const to = ["--to", "2026-11-18T08:00:00Z"];

  const asked = await rewind(...to);
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") as string });
  const forecast = JSON.parse((await rewind(...to, "--dry-run")).stdout);
  expect(forecast).toMatchObject({ rewound: false, refetch: false });
  expect((await rewind("--cancel")).code).toBe(1);
  expect((await rewind(...to, "--refetch", "--yes")).code).toBe(0);
  expect((await rewind(...to, "--refetch", "--yes")).stderr).toContain("still under way");
  expect((await rewind("--cancel")).code).toBe(0);
  expect((await collect()).code).toBe(0);
  expect(sandbox.counters.requests["download 307"]).toBe(downloads);

  expect((await rewind(...to, "--refetch", "--yes")).code).toBe(0);
  expect((await collect()).code).toBe(0);

  expect(sandbox.counters.requests["download 307"]).toBe(downloads + forecast.here.files);
  const status = JSON.parse((await runCli(["status", "--data-dir", dataDir, "--json"])).stdout);
  expect(status.collectors[0].data_sources[0].rewind).toMatchObject({ phase: "done", done: forecast.here.files });
}, 90_000);
