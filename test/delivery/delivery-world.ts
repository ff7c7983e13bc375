// The real delivery engine over a real store, on one simulated clock, with a destination that does as a test tells it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect } from "vitest";
import { z } from "zod";
import { DeliveryEngine } from "../../src/engine/delivery/delivery-engine.ts";
import type { DestinationPlan } from "../../src/model/delivery-plan.ts";
import { type Destination, defineDestination, type Sent } from "../../src/model/destination.ts";
import { eventJson } from "../../src/model/event-json.ts";
import type { Batch, Format } from "../../src/model/outgoing.ts";
import type { Lease } from "../../src/model/store.ts";
import { createShaper } from "../../src/normalize/shaper.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { fakeClock } from "../../src/testing/fake-clock.ts";
import { quietLog } from "../../src/testing/quiet-log.ts";
import { aLine, collect, KEY, type Line } from "../../src/testing/store-contract/fixture.ts";

export const START = "2026-07-15T13:01:00Z";
/** The hour in which the events of `collectSome` are taken in. */
export const HOUR = Math.floor(Date.parse("2026-07-15T13:01:00Z") / 3_600_000);

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const raw: Format = {
  name: "raw",
  title: "Raw",
  description: "As stored.",
  kind: "json",
  render: (view) => eventJson(view.stored, view),
};

export type Answering = (batch: Batch, signal: AbortSignal) => Promise<Sent>;

export interface MemoryDestination {
  readonly kind: Destination;
  /** Every attempt, in order: the ids of its events. */
  readonly attempts: { readonly id: string; readonly events: readonly string[]; readonly bodies: string }[];
  /** Event ids that it has taken, in the order in which they came. */
  readonly taken: string[];
  /** What it answers; by default it takes everything. Whoever resolves has what is not refused or put off taken. */
  answer: Answering;
}

export function memoryDestination(over: Partial<Destination> = {}): MemoryDestination {
  const world: Omit<MemoryDestination, "kind"> = { attempts: [], taken: [], answer: async () => ({}) };
  const kind = defineDestination({
    name: "memory",
    title: "Memory",
    description: "Keeps what it gets.",
    group: "http",
    settings: z.strictObject({}),
    address: [],
    formats: ["raw"],
    guarantee: "at_least_once",
    guaranteeNote: "Keeps everything.",
    limits: { events: 100, bytes: 1_000_000 },
    maxAgeMs: 1_000,
    concurrency: 1,
    open: () => ({
      async send(batch, signal) {
        const events = batch.events.map(({ view }) => view.stored.eventId);
        world.attempts.push({ id: batch.id, events, bodies: batch.events.map(({ body }) => body).join("\n") });
        const sent = await world.answer(batch, signal);
        const out = new Set([...(sent.refused ?? []).map(({ index }) => index), ...(sent.again ?? [])]);
        world.taken.push(...events.filter((_, index) => !out.has(index)));
        return sent;
      },
      async *check() {},
      close: async () => undefined,
    }),
    ...over,
  });
  return Object.assign(world, { kind });
}

export const aDestinationPlan = (over: Partial<DestinationPlan> = {}): DestinationPlan => ({
  id: "dest_a",
  name: "soc",
  kind: "memory",
  settings: {},
  settingsError: undefined,
  format: "raw",
  filter: undefined,
  masking: undefined,
  pseudonymKey: "00".repeat(32),
  collectors: [{ id: KEY.collectorId, name: "chatgpt-prod", connector: "chatgpt-enterprise" }],
  from: "start",
  paused: false,
  maxBatchEvents: undefined,
  maxBatchBytes: undefined,
  maxAgeMs: undefined,
  ...over,
});

export async function deliveryWorld(destinations: readonly MemoryDestination[] = [memoryDestination()]) {
  const folder = mkdtempSync(join(tmpdir(), "cistern-delivery-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const clock = fakeClock(START);
  const store = await openSqliteStore(folder);
  const reader = openSqliteReader(folder);
  cleanUp.push(async () => {
    await reader.close();
    await store.close();
  });
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  const bugs: unknown[] = [];
  const engine = () => {
    const made = new DeliveryEngine({
      store: store.deliveries,
      log: reader,
      kinds: destinations.map(({ kind }) => kind),
      shaperOf: (plan) =>
        createShaper({
          format: raw,
          filter: plan.filter,
          masking: plan.masking,
          pseudonymKey: Buffer.from(plan.pseudonymKey, "hex"),
          namesOf: () => ({ collector: "chatgpt-prod", connector: "chatgpt-enterprise" }),
        }),
      outfitOf: () => ({ context: {} as never, close: async () => undefined }),
      ...clock,
      logger: quietLog(),
      onBug: (error) => bugs.push(error),
    });
    cleanUp.push(async () => {
      await stop(made);
      expect(bugs).toEqual([]);
    });
    return made;
  };
  const stop = async (one: DeliveryEngine) => {
    const stopped = one.stop(0);
    await clock.advance(1);
    await stopped;
  };
  return { clock, store, reader, lease, engine, stop, folder };
}

let files = 0;

/** A file of events `<name>1` to `<name>count`, taken in at minute 61 of the story. */
export async function collectSome(
  world: { readonly store: Parameters<typeof collect>[0]; readonly lease: Lease },
  name: string,
  count: number,
  line: (eventId: string, place: number) => Line = (eventId, place) => aLine(eventId, place % 50),
): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
  await collect(world.store, world.lease, { id: `file-${++files}`, end: 55 }, ids.map(line));
  return ids;
}

/** Of all hours of the live deliveries; what is pending as the states of the deliveries tell it. */
export async function sums(
  { deliveries }: Awaited<ReturnType<typeof deliveryWorld>>["reader"],
  destinationId = "dest_a",
) {
  const [state] = (await deliveries.deliveryStates()).filter((one) => one.destinationId === destinationId);
  const accounts = await deliveries.hourlyAccounts({ destinationId, fromHour: HOUR - 1, toHour: HOUR + 1 });
  const total = (of: (one: (typeof accounts)[number]) => number) => accounts.reduce((sum, one) => sum + of(one), 0);
  const pending = state!.behind + state!.inBatches;
  expect(total((one) => one.pending)).toBe(pending);
  return {
    collected: total(({ collected }) => collected),
    filtered: total(({ filtered }) => filtered),
    delivered: total(({ delivered }) => delivered),
    dead: total(({ dead }) => dead),
    withdrawn: total(({ withdrawn }) => withdrawn),
    pending,
  };
}
