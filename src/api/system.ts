import { z } from "@hono/zod-openapi";
import type { ApiDeps } from "./deps.ts";
import { applyPlans } from "./plans.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";
import { Instant } from "./schemas.ts";

const SecretKeyState = z
  .object({
    state: z.enum(["ok", "missing", "wrong"]),
    keyId: z.string().optional(),
    source: z.enum(["file", "environment"]),
  })
  .openapi("SecretKeyState");

const Progress = z.object({ indexedSeq: z.int(), lastSeq: z.int(), rebuilding: z.boolean() }).openapi("SearchProgress");

const System = z
  .object({
    version: z.string(),
    startedAt: Instant,
    disk: z.object({
      databaseBytes: z.number(),
      walBytes: z.number(),
      searchBytes: z.number(),
      freeBytes: z.number(),
      totalBytes: z.number(),
      growthBytesPerDay: z.number().optional(),
      daysLeft: z.number().optional(),
      paused: z.boolean(),
    }),
    secretKey: SecretKeyState,
    demo: z.boolean(),
    publicUrl: z.string().optional(),
    search: Progress,
  })
  .openapi("System");

const DAY_MS = 86_400_000;

/** The platform itself: version, disk, the secret key, the index. */
export function systemRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    route(
      {
        method: "get",
        path: "/system",
        tag: "platform",
        summary: "Version, disk, secret key and index",
        permission: "system.read",
        answer: System,
      },
      () => systemOf(deps),
    ),
    route(
      {
        method: "post",
        path: "/system/secret-key",
        tag: "platform",
        summary: "Enter the key of the stored secrets anew, where it is missing or wrong",
        permission: "secret-key.write",
        body: z.strictObject({ value: z.string().min(1).max(200) }),
        answer: SecretKeyState,
      },
      async ({ c, body }) => {
        const status = deps.secretKey.enter(body.value);
        recordChange(deps, c, "secret_key.entered", status.keyId);
        await applyPlans(deps);
        return status;
      },
    ),
    route(
      {
        method: "get",
        path: "/search/progress",
        tag: "events",
        summary: "How far the index follows the log",
        permission: "system.read",
        answer: Progress,
      },
      () => deps.search.progress(),
    ),
  ];
}

async function systemOf(deps: ApiDeps): Promise<z.infer<typeof System>> {
  const { reader, engine, search, secretKey, version, startedAt, demo, publicUrl } = deps;
  const [disk, paused, growthBytesPerDay, progress] = await Promise.all([
    reader.disk(),
    engine.diskPaused(),
    growthOf(deps),
    search.progress(),
  ]);
  const daysLeft = growthBytesPerDay ? Math.floor(disk.freeBytes / growthBytesPerDay) : undefined;
  return {
    version,
    startedAt: startedAt.toISOString(),
    disk: { ...disk, growthBytesPerDay, daysLeft, paused },
    secretKey: secretKey.status(),
    demo,
    publicUrl,
    search: progress,
  };
}

/** What came in during the last day, at the size that an event has had on disk so far; undefined before there is any. */
async function growthOf({ reader, now }: ApiDeps): Promise<number | undefined> {
  const [states, disk] = await Promise.all([reader.dataSources(), reader.disk()]);
  const stored = states.reduce((total, { counts }) => total + counts.bytes, 0);
  if (stored === 0) return undefined;
  const to = now().getTime();
  const sources = states.map(({ key }) => key);
  const day = await reader.volume({ sources, by: "ingest", from: to - DAY_MS, to, stepMs: DAY_MS });
  const bytes = day.reduce((total, bucket) => total + bucket.bytes, 0);
  return Math.round(bytes * Math.max(1, (disk.databaseBytes + disk.searchBytes) / stored));
}
