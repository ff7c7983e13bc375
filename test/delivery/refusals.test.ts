// What a destination refuses: single events become dead letters, nothing but refusals halts it, and what was refused can go out again.
import { expect, test } from "vitest";
import { CollectorError } from "../../src/model/errors.ts";
import { KEY } from "../../src/testing/store-contract/fixture.ts";
import { aDestinationPlan, collectSome, deliveryWorld, memoryDestination, START, sums } from "./delivery-world.ts";

const MINUTE_MS = 60_000;

test("a poison event is isolated by halving; everything else is delivered, and it can be sent again", async () => {
  const memory = memoryDestination({ limits: { events: 1_000, bytes: 10_000_000 } });
  const world = await deliveryWorld([memory]);
  let mended = false;
  memory.answer = async ({ events }) => {
    if (!mended && events.some(({ view }) => view.stored.eventId === "a500"))
      throw new CollectorError("rejected", "mapper_parsing_exception: a field is bad", { reason: "mapping" });
    return {};
  };
  const ids = await collectSome(world, "a", 1_000);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(20_000);

  expect([...memory.taken].sort()).toEqual(ids.filter((id) => id !== "a500").sort());
  const [letter] = await world.reader.deliveries.deadLetters({ destinationId: "dest_a", limit: 10 });
  expect(letter).toMatchObject({ eventId: "a500", reason: "mapping", state: "dead" });
  expect(letter!.answer).toContain("mapper_parsing_exception");
  expect(await sums(world.reader)).toMatchObject({ collected: 1_000, delivered: 999, dead: 1, pending: 0 });

  mended = true;
  expect(await world.store.deliveries.changeLetters("dest_a", [letter!.id], "again", "ada")).toBe(1);
  await world.clock.advance(20_000);

  expect(memory.taken).toContain("a500");
  expect(await sums(world.reader)).toMatchObject({ delivered: 1_000, dead: 0, pending: 0 });
});

test.each(["one by one", "as a whole"])(
  "where everything is refused, %s, delivery halts and the backlog is kept; it goes on once that is mended",
  async (how) => {
    const memory = memoryDestination();
    const world = await deliveryWorld([memory]);
    let mended = false;
    memory.answer = async ({ events }) => {
      if (mended) return {};
      if (how === "as a whole") throw new CollectorError("rejected", "no such table", { reason: "bad_request" });
      return { refused: events.map((_, index) => ({ index, reason: "mapping", answer: "no such table" })) };
    };
    const ids = await collectSome(world, "a", 1_000);
    const engine = world.engine();
    await engine.apply([aDestinationPlan()]);
    await world.clock.advance(10 * MINUTE_MS);

    const [activity] = await engine.activity();
    expect(activity).toMatchObject({ phase: "halted", problem: { reason: "everything_refused" } });
    expect(activity!.problem!.message).toContain("no such table");
    expect(await sums(world.reader)).toMatchObject({ delivered: 0, dead: 100, pending: 900 });

    mended = true;
    await engine.wake("dest_a");
    await world.clock.advance(MINUTE_MS);
    expect(await sums(world.reader)).toMatchObject({ delivered: 900, dead: 100, pending: 0 });
    expect((await engine.activity())[0]).toMatchObject({ phase: "idle", problem: undefined });

    await world.store.deliveries.changeLetters("dest_a", "all", "again", "ada");
    await world.clock.advance(MINUTE_MS);
    expect([...memory.taken].sort()).toEqual([...ids].sort());
    expect(await sums(world.reader)).toMatchObject({ delivered: 1_000, dead: 0, pending: 0 });
  },
);

test("one that refuses everything is asked again every quarter of an hour, and loses nothing by it", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  memory.answer = async ({ events }) => ({
    refused: events.map((_, index) => ({ index, reason: "mapping", answer: "no" })),
  });
  await collectSome(world, "a", 1_000);
  await world.engine().apply([aDestinationPlan()]);

  await world.clock.advance(46 * MINUTE_MS);

  expect(memory.attempts).toHaveLength(4);
  expect(await sums(world.reader)).toMatchObject({ collected: 1_000, dead: 400, pending: 600 });
});

test("events that are refused or put off one by one leave the others delivered", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  let busy = true;
  memory.answer = async ({ events }) => ({
    refused: events.flatMap(({ view }, index) =>
      view.stored.eventId === "a3" ? [{ index, reason: "mapping", answer: "no" }] : [],
    ),
    again: events.flatMap(({ view }, index) => (busy && view.stored.eventId === "a7" ? [index] : [])),
  });
  await collectSome(world, "a", 10);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  expect(await sums(world.reader)).toMatchObject({ delivered: 8, dead: 1, pending: 1 });

  busy = false;
  await world.clock.advance(10 * MINUTE_MS);

  expect(memory.taken.filter((id) => id === "a7")).toHaveLength(1);
  expect(await sums(world.reader)).toMatchObject({ collected: 10, delivered: 9, dead: 1, pending: 0 });
});

test("a refused token halts the destination and keeps the backlog; once it is mended and tried, all arrives", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  let refused = true;
  memory.answer = async () => {
    if (refused)
      throw new CollectorError("auth_failed", "no", { reason: "credentials_refused", action: "Enter a token" });
    return {};
  };
  const ids = await collectSome(world, "a", 20);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(10 * MINUTE_MS);
  expect(memory.attempts).toHaveLength(1);
  expect((await engine.activity())[0]).toMatchObject({
    phase: "halted",
    problem: { code: "auth_failed", action: "Enter a token" },
  });

  refused = false;
  await engine.wake("dest_a");
  await world.clock.advance(5_000);

  expect(memory.taken).toEqual(ids);
});

test("a dead letter of a replay waits for a person after the replay has ended", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  await collectSome(world, "a", 10);
  await world.engine().apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  expect(await world.reader.deliveries.waitingLetters()).toEqual(new Map());

  memory.answer = async () => ({ refused: [{ index: 3, reason: "mapping", answer: "no" }] });
  const bounds = { dataSource: undefined, fromUs: undefined, toUs: undefined };
  await world.store.deliveries.requestReplay({
    ...{ destinationId: "dest_a", collectorIds: [KEY.collectorId], by: "ada", events: 10, at: START },
    ...bounds,
  });
  await world.clock.advance(20_000);

  expect(await world.reader.deliveries.replays("dest_a")).toMatchObject([{ state: "done", delivered: 9, dead: 1 }]);
  expect(await world.reader.deliveries.waitingLetters()).toEqual(new Map([["dest_a", 1]]));
});

test("a dead letter of a replay that has ended can be sent again", async () => {
  const memory = memoryDestination();
  const world = await deliveryWorld([memory]);
  await collectSome(world, "a", 5);
  const engine = world.engine();
  await engine.apply([aDestinationPlan()]);
  await world.clock.advance(5_000);
  memory.answer = async ({ events }) => ({
    refused: events.map((_, index) => ({ index, reason: "mapping", answer: "no" })),
  });
  const replay = { destinationId: "dest_a", collectorIds: [KEY.collectorId], dataSource: undefined, by: "ada" };
  const facts = { fromUs: undefined, toUs: undefined, events: 5, at: "2026-07-15T13:02:00Z" };
  await world.store.deliveries.requestReplay({ ...replay, ...facts });
  await world.clock.advance(20_000);
  expect(await world.reader.deliveries.replays("dest_a")).toMatchObject([{ state: "done", dead: 5 }]);

  memory.answer = async () => ({});
  await world.store.deliveries.changeLetters("dest_a", "all", "again", "ada");
  await world.clock.advance(20_000);

  const letters = await world.reader.deliveries.deadLetters({ destinationId: "dest_a", limit: 10 });
  expect(new Set(letters.map(({ state }) => state))).toEqual(new Set(["delivered"]));
});
