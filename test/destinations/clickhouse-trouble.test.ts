// The ClickHouse destination where the engine or the table does not do what it should, and its connection test.
import { describe, expect, test } from "vitest";
import { createTable } from "../../src/destinations/parts/clickhouse-table.ts";
import { CollectorError } from "../../src/model/errors.ts";
import { anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { batch, clickhouseWorlds, signal } from "./clickhouse-world.ts";

const { missing, world } = await clickhouseWorlds();

async function failure(work: Promise<unknown>): Promise<CollectorError> {
  const error: unknown = await work.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CollectorError)) throw error;
  return error;
}

describe.skipIf(missing !== undefined)(`with the real engine${missing ? ` (${missing})` : ""}`, () => {
  test.each([
    ["a column of another type", "MODIFY COLUMN event_id UInt64", "rejected", "malformed"],
    ["a constraint", "ADD CONSTRAINT c CHECK event_id != 'event-2'", "rejected", "malformed"],
    ["a column that is missing", "DROP COLUMN siteid", "config_invalid", "table_unsuitable"],
  ])("%s refuses the batch as a whole, and tells nothing of its content", async (_, change, code, reason) => {
    const { open, rows, from } = await world();
    await rows(`ALTER TABLE ${from} ${change}`);

    const error = await failure(open().send(batch(3), signal()));

    expect(error).toMatchObject({ code, reason, action: expect.stringMatching(/\S/) });
    expect(error.message).not.toMatch(/Hello|event-/);
    expect(await rows(`SELECT count() AS n FROM ${from}`)).toEqual([{ n: 0 }]);
  });

  test("data that cannot be read is told by its column and row", async () => {
    const { open, rows, from } = await world();
    await rows(`ALTER TABLE ${from} MODIFY COLUMN time_text UInt64`);

    const error = await failure(open().send(batch(1), signal()));

    expect(error.message).toMatch(/answered 27, CANNOT_PARSE_INPUT_ASSERTION_FAILED: column time_text, row 1$/);
  });

  test("more partitions than one insert may touch are sent in smaller pieces", async () => {
    const { open, rows, from } = await world("none");
    const [database = "", table = ""] = from.split(".");
    await rows(createTable({ database, table }).replace("ORDER BY", "PARTITION BY seq ORDER BY"));
    const sender = open();

    const error = await failure(sender.send(batch(150), signal()));
    await sender.send(batch(75), signal());

    expect(error).toMatchObject({ code: "rejected", reason: "too_large" });
    expect(await rows(`SELECT count() AS n FROM ${from}`)).toEqual([{ n: 75 }]);
  });

  test.each([
    ["table", { table: "nothing_of_that_name" }, "table_missing"],
    ["database", { database: "nothing_of_that_name" }, "database_missing"],
  ])("a %s that is missing halts", async (_, change, reason) => {
    const { open } = await world();

    expect(await failure(open(change).send(batch(1), signal()))).toMatchObject({ code: "config_invalid", reason });
  });

  describe("the connection test", () => {
    test("creates the table where it is missing and may be", async () => {
      const { check, side } = await world("none");

      const steps = await check();

      expect(steps.map(({ id, state }) => [id, state])).toEqual([
        ["connect", "ok"],
        ["sign-in", "ok"],
        ["table", "ok"],
        ["deliver", "ok"],
      ]);
      expect(steps[1]!.detail).toMatch(/ClickHouse \d+\.\d+/);
      expect(steps[2]!.detail).toContain("was created");
      expect(await side.received()).toEqual([anOutgoingEvent({ seq: 99 }).key]);
    });

    test("is one row however often it runs", async () => {
      const { check, side } = await world();

      await check();
      await check();

      expect(await side.received()).toHaveLength(1);
    });

    test.each([
      [
        "a table that is missing and may not be created",
        { table: "none", create_table: false },
        "table",
        "table_missing",
      ],
      ["a database that is missing", { database: "none" }, "table", "database_missing"],
      ["a wrong password", { password: "canary-wrong" }, "sign-in", "credentials_refused"],
      ["a port where nobody listens", { url: "http://127.0.0.1:1" }, "connect", "connection_refused"],
    ])("tells %s", async (_, change, id, reason) => {
      const { check } = await world();

      const steps = await check(change);

      expect(steps.filter(({ state }) => state === "failed")).toMatchObject([
        { id, reason, remedy: expect.stringMatching(/\S/) },
      ]);
      expect(JSON.stringify(steps)).not.toContain("canary");
    });

    test.each([["MergeTree ORDER BY key"], ["Log"]])(
      "warns of a table that does not recognise repeats (%s), and delivers all the same",
      async (engine) => {
        const { check, rows, from, side } = await world("none");
        const [database = "", table = ""] = from.split(".");
        await rows(createTable({ database, table }).replace(/ENGINE[\s\S]*/, `ENGINE = ${engine}`));

        const steps = await check();

        expect(steps).toContainEqual(
          expect.objectContaining({
            id: "table",
            state: "warning",
            reason: "repeats_unrecognised",
            remedy: expect.any(String),
          }),
        );
        expect(await side.received()).toHaveLength(1);
      },
    );

    test("tells a table without a column of ours", async () => {
      const { check, rows, from } = await world();
      await rows(`ALTER TABLE ${from} DROP COLUMN siteid`);

      expect(await check()).toContainEqual(
        expect.objectContaining({ id: "table", state: "failed", reason: "table_unsuitable" }),
      );
    });
  });
});
