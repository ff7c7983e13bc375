import { expect, test } from "vitest";
import { aState, aStoredEvent, fakeReader } from "../testing/fake-reader.ts";
import { rhythmOf } from "./rhythms.ts";

const key = { collectorId: "col_1", dataSource: "messages" };
const now = Date.parse("2026-07-15T12:00:30Z");
const at = (ms: number) => new Date(now + ms);

test("what was learned is used again, and learned anew soon after events have come in", async () => {
  const { data, reader } = fakeReader();
  let asked = 0;
  const counting: Pick<typeof reader, "volume"> = {
    volume(query) {
      asked += 1;
      return reader.volume(query);
    },
  };
  data.events = [aStoredEvent()];
  const state = (events: number) => aState(key, { counts: { ...aState(key).counts, events } });

  const first = await rhythmOf(counting, state(1), at(0));
  await rhythmOf(counting, state(1), at(9 * 60_000));
  expect(asked).toBe(1);
  expect(first?.hours.size).toBe(1);

  data.events = [aStoredEvent(), aStoredEvent({ seq: 2, timeKey: (now - 7_200_000) * 1_000 })];
  expect((await rhythmOf(counting, state(2), at(9 * 60_000)))?.hours.size).toBe(2);
  await rhythmOf(counting, state(2), at(20 * 60_000));
  expect(asked).toBe(3);
});

test("a data source without events has no rhythm", async () => {
  expect(await rhythmOf(fakeReader().reader, aState(key, { newestEvent: undefined }), at(0))).toBeUndefined();
});
