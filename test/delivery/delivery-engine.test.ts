// Every event to every destination, whatever happens on the way.
import { expect, test } from "vitest";
import { CollectorError } from "../../src/model/errors.ts";
import { aLine, KEY } from "../../src/testing/store-contract/fixture.ts";
import { aDestinationPlan, collectSome, deliveryWorld, memoryDestination, sums } from "./delivery-world.ts";

const MINUTE_MS = 60_000;

const reconciles = (one: Awaited<ReturnType<typeof sums>>) =>
  one.collected === one.filtered + one.delivered + one.dead + one.withdrawn + one.pending;

test("every event arrives once, in the order of the log, in recorded batches; and the receipts add up", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  const first = await collectSome(world, "a", 250);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);

  await world.clock.advance(5_000);
  const later = await collectSome(world, "b", 30);
  await world.clock.advance(5_000);

  expect(memory.taken).toEqual([...first, ...later]);
  expect(memory.attempts.map(({ events }) => events.length)).toEqual([100, 100, 50, 30]);
  const counted = await sums(world.reader);
  expect(counted).toEqual({ collected: 280, filtered: 0, delivered: 280, dead: 0, withdrawn: 0, pending: 0 });
  expect((await engine.activity())[0]).toMatchObject({ phase: "idle", circuit: "closed", problem: undefined });
});

test("while a destination is away nothing is lost; each repeat is the same batch, byte for byte", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  let away = true;
  memory.answer = async () => {
    if (away) throw new CollectorError("unavailable", "gone", { reason: "connection_refused" });
    return {};
  };
  const ids = await collectSome(world, "a", 150);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);

  await world.clock.advance(30 * MINUTE_MS);
  expect((await engine.activity())[0]).toMatchObject({ phase: "retrying", circuit: "open" });
  expect(await sums(world.reader)).toMatchObject({ collected: 150, delivered: 0, pending: 150 });
  expect(new Set(memory.attempts.map(({ id, bodies }) => id + bodies)).size).toBe(1);
  expect(memory.attempts.length).toBeLessThan(20);
  away = false;
  await world.clock.advance(6 * MINUTE_MS);

  expect(memory.taken).toEqual(ids);
  expect(await sums(world.reader)).toMatchObject({ delivered: 150, pending: 0 });
});

test("one that is stopped goes on where it was; what was under way is sent again as the same batch", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  memory.answer = (_batch, signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  const ids = await collectSome(world, "a", 150);
  const first = world.engine();
  await first.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  await world.stop(first);

  memory.answer = async () => ({});
  const second = world.engine();
  await second.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);

  expect(memory.taken).toEqual(ids);
  expect(memory.attempts[0]!.id).toBe(memory.attempts[1]!.id);
  expect(memory.attempts[0]!.bodies).toBe(memory.attempts[1]!.bodies);
});

test("a destination that hangs holds up no other", async () => {
  const hanging = memoryDestination({ name: "hanging" });
  hanging.answer = (_batch, signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  const memory = memoryDestination();
  const world = await deliveryWorld([hanging, memory]);
  const ids = await collectSome(world, "a", 20);
  const engine = world.engine();

  await engine.apply([aDestinationPlan({ id: "dest_b", name: "slow", kind: "hanging" }), aDestinationPlan()]);
  await world.clock.advance(10_000);

  expect(memory.taken).toEqual(ids);
  expect(hanging.taken).toEqual([]);
});

test("what the filter keeps back is counted; what is masked goes out masked, and what cannot be masked does not go out", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  await collectSome(world, "a", 6, (eventId, place) =>
    place === 5
      ? { ...aLine(eventId), raw: `not json ${eventId}` }
      : {
          ...aLine(eventId),
          raw: JSON.stringify({
            event_id: eventId,
            big: 1,
            actor: { user_email: place % 2 ? "bo@x.org" : "ada@x.org" },
            content: "secret words",
          }).replace('"big":1', '"big":12345678901234567890'),
        },
  );
  const engine = world.engine();
  await engine.apply([
    aDestinationPlan({ filter: { without_users: ["BO@x.org"] }, masking: { metadata_only: true, pseudonyms: true } }),
  ]);
  await world.clock.advance(5_000);

  expect(memory.taken).toEqual(["a1", "a3", "a5"]);
  expect(memory.attempts[0]!.bodies).not.toMatch(/secret words|ada@x\.org/);
  expect(memory.attempts[0]!.bodies).toContain('"big":12345678901234567890');
  expect(new Set(memory.attempts[0]!.bodies.match(/p_[0-9a-f]{20}/g)).size).toBe(1);
  expect(await sums(world.reader)).toEqual({
    collected: 6,
    filtered: 2,
    delivered: 3,
    dead: 1,
    withdrawn: 0,
    pending: 0,
  });
  const [letter] = await world.reader.deliveries.deadLetters({ destinationId: "dest_a", limit: 10 });
  expect(letter).toMatchObject({ eventId: "a6", reason: "unmaskable" });
});

test("an event erased before it is delivered is not sent, and the sums tell so", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  let away = true;
  memory.answer = async () => {
    if (away) throw new CollectorError("unavailable", "gone");
    return {};
  };
  const ids = await collectSome(world, "a", 150);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  const { events } = await world.reader.readLog({ collectorId: KEY.collectorId, after: 0, upTo: 1_000, limit: 1_000 });
  const seqOf = (id: string) => events.find(({ eventId }) => eventId === id)!.seq;
  // One in the batch that is being tried, one behind it.
  await world.store.erase([seqOf("a10"), seqOf("a140")], "2026-07-15T13:02:00Z");
  expect(reconciles(await sums(world.reader))).toBe(true);

  away = false;
  await world.clock.advance(10 * MINUTE_MS);

  expect(memory.taken).toEqual(ids.filter((id) => id !== "a10" && id !== "a140"));
  expect(await sums(world.reader)).toEqual({
    collected: 150,
    filtered: 0,
    delivered: 148,
    dead: 0,
    withdrawn: 2,
    pending: 0,
  });
});

test("retention waits for a delivery that has still to take an event", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  let away = true;
  memory.answer = async () => {
    if (away) throw new CollectorError("unavailable", "gone");
    return {};
  };
  await collectSome(world, "a", 20);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  const later = Date.parse("2027-07-15T13:01:00Z") * 1_000;

  expect(await world.store.removeExpired(world.lease, KEY, later, 1_000)).toBe(0);
  away = false;
  await world.clock.advance(10 * MINUTE_MS);

  expect(await world.store.removeExpired(world.lease, KEY, later, 1_000)).toBe(20);
  expect(reconciles(await sums(world.reader))).toBe(true);
});

test("a replay sends a part of the log again beside live delivery, and ends by itself", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  const ids = await collectSome(world, "a", 120);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  memory.taken.length = 0;

  const replay = { destinationId: "dest_a", collectorIds: [KEY.collectorId], dataSource: KEY.dataSource, by: "ada" };
  await world.store.deliveries.requestReplay({
    ...replay,
    fromUs: undefined,
    toUs: undefined,
    events: 120,
    at: "2026-07-15T13:02:00Z",
  });
  const live = await collectSome(world, "b", 5);
  await world.clock.advance(20_000);

  expect([...memory.taken].sort()).toEqual([...ids, ...live].sort());
  expect(await world.reader.deliveries.replays("dest_a")).toMatchObject([{ state: "done", delivered: 120, dead: 0 }]);
  expect(await sums(world.reader)).toMatchObject({ collected: 125, delivered: 125, pending: 0 });
});

test("a destination that begins now gets what comes in from now on", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  await collectSome(world, "a", 20);
  const engine = world.engine();
  await engine.apply([aDestinationPlan({ from: "now" })]);
  await world.clock.advance(5_000);
  const later = await collectSome(world, "b", 5);
  await world.clock.advance(5_000);

  expect(memory.taken).toEqual(later);
  expect(await sums(world.reader)).toMatchObject({ collected: 5, delivered: 5, pending: 0 });
});

test("several batches are under way at once where the destination allows, and each event still arrives once", async () => {
  const memory = memoryDestination({ concurrency: 4 });
  const world = await deliveryWorld([memory]);
  let under = 0;
  let most = 0;
  memory.answer = async (_batch, signal) => {
    most = Math.max(most, ++under);
    await world.clock.sleep(500, signal);
    under -= 1;
    return {};
  };
  const ids = await collectSome(world, "a", 1_000);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(60_000);

  expect([...memory.taken].sort()).toEqual([...ids].sort());
  expect(most).toBe(4);
  expect(await sums(world.reader)).toMatchObject({ delivered: 1_000, pending: 0 });
});

test("what a client of somebody else's throws ends nothing and loses nothing", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  let broken = true;
  memory.answer = async () => {
    if (broken) throw new TypeError("Cannot read properties of undefined");
    return {};
  };
  const ids = await collectSome(world, "a", 20);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  expect((await engine.activity())[0]).toMatchObject({ phase: "retrying", problem: { reason: "unexpected" } });

  broken = false;
  await world.clock.advance(10 * MINUTE_MS);

  expect(memory.taken).toEqual(ids);
});

test("a destination that halted over a replay is at rest once the replay is cancelled", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  await collectSome(world, "a", 5);
  const engine = world.engine();
  await engine.apply([aDestinationPlan({ from: "now" })]);
  await world.clock.advance(5_000);
  memory.answer = async () => {
    throw new CollectorError("auth_failed", "no", { reason: "credentials_refused" });
  };
  const replay = { destinationId: "dest_a", collectorIds: [KEY.collectorId], dataSource: undefined, by: "ada" };
  const facts = { fromUs: undefined, toUs: undefined, events: 5, at: "2026-07-15T13:02:00Z" };
  const id = await world.store.deliveries.requestReplay({ ...replay, ...facts });
  await world.clock.advance(20_000);
  expect((await engine.activity())[0]).toMatchObject({ phase: "halted" });

  await world.store.deliveries.cancelReplay(id, "ada", "2026-07-15T13:03:00Z");
  await engine.wake("dest_a");
  await world.clock.advance(5_000);

  expect((await engine.activity())[0]).toMatchObject({ phase: "idle", problem: undefined, circuit: "closed" });
});
