// The PostgreSQL destination where the server, the table or the way there does not do what it should.
import { describe, expect, test } from "vitest";
import { createTable } from "../../src/destinations/parts/postgresql-table.ts";
import { aBatch, anOutgoingEvent, hostileEvents } from "../../src/testing/an-outgoing-event.ts";
import { withoutPostgresql } from "../../src/testing/postgresql.ts";
import { batch, failure, postgresqlWorlds, signal } from "./postgresql-world.ts";

const missing = await withoutPostgresql();
const { world } = postgresqlWorlds();

describe.skipIf(missing !== undefined)(`with a real server${missing ? ` (${missing})` : ""}`, () => {
  test("a batch of old and new events adds the new ones, and a second copy within a batch is none", async () => {
    const { open, side } = await world();
    const sender = open();
    await sender.send(batch(3), signal());

    await sender.send(aBatch([...batch(5).events, anOutgoingEvent({ seq: 4 })]), signal());

    expect(await side.received()).toEqual(batch(5).events.map(({ key }) => key));
  });

  test("one event that the table refuses takes its batch with it, and the next batch goes over the same connection", async () => {
    const { open, side, schema, relay, table } = await world();
    await schema.rows(`ALTER TABLE ${table} ADD CHECK (event_id <> 'event-2')`);
    const sender = open();

    const error = await failure(sender.send(batch(3), signal()));
    await sender.send(batch(3, 10), signal());

    expect(error).toMatchObject({ code: "rejected", reason: "malformed" });
    expect(await side.received()).toEqual(batch(3, 10).events.map(({ key }) => key));
    expect(relay.taken).toBe(1);
  });

  test("a connection that was cut is renewed, and what was under way is there once", async () => {
    const { open, side, relay } = await world();
    const sender = open();
    await sender.send(batch(2), signal());
    relay.cut();
    await expect.poll(() => relay.connections).toBe(0);

    await sender.send(batch(4), signal());

    expect(await side.received()).toEqual(batch(4).events.map(({ key }) => key));
  });

  test("a server that says nothing any more is not waited for, and the next batch finds another way", async () => {
    const { open, side, relay } = await world();
    const sender = open({ timeout_seconds: 1 });
    await sender.send(batch(1), signal());
    relay.mute();

    const error = await failure(sender.send(batch(2), signal()));
    await sender.send(batch(2), signal());

    expect(error).toMatchObject({ code: "unavailable", reason: "answer_timeout" });
    expect(await side.received()).toEqual(batch(2).events.map(({ key }) => key));
  });

  test("a lock that is not released ends in time, as something that passes", async () => {
    const { open, schema, table } = await world();
    const sender = open({ timeout_seconds: 1 });
    await schema.rows(`BEGIN`);
    await schema.rows(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);

    const error = await failure(sender.send(batch(1), signal()));
    await schema.rows(`ROLLBACK`);

    expect(error).toMatchObject({ code: "unavailable", reason: "answer_timeout" });
    await sender.send(batch(1), signal());
  });

  test("stopping in the middle of a statement ends at once with the reason", async () => {
    const { open, schema, table, side } = await world();
    await schema.rows(`BEGIN`);
    await schema.rows(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    const stop = new AbortController();
    const sender = open();
    const sending = sender.send(batch(1), stop.signal);
    setTimeout(() => stop.abort(new Error("stopped")), 200);

    await expect(sending).rejects.toThrow("stopped");
    await schema.rows(`ROLLBACK`);

    await sender.send(batch(2), signal());
    expect(await side.received()).toEqual(batch(2).events.map(({ key }) => key));
  });

  test("a role that commits without waiting for the disk is made to wait, and its other defaults change nothing", async () => {
    const { open, schema, table, role } = await world();
    const user = await role();
    await schema.rows(`GRANT INSERT, SELECT (key) ON ${table} TO ${user}`);
    for (const setting of [
      "synchronous_commit = off",
      "client_encoding = LATIN1",
      "datestyle = 'German'",
      "default_transaction_isolation = serializable",
      "standard_conforming_strings = off",
    ])
      await schema.rows(`ALTER ROLE ${user} SET ${setting}`);
    await schema.rows(`ALTER TABLE ${table} ADD seen text DEFAULT current_setting('synchronous_commit')`);

    await open({ user }).send(aBatch(hostileEvents()), signal());

    const rows = await schema.rows<{ key: string; body: string; seen: string }>(
      `SELECT key, body, seen FROM ${table} ORDER BY ctid`,
    );
    expect(rows).toEqual(hostileEvents().map(({ key, body }) => ({ key, body, seen: "on" })));
  });

  test("a table that vanished halts, and one that came back is found", async () => {
    const { open, schema, table, side } = await world();
    const sender = open();
    await sender.send(batch(1), signal());
    await schema.rows(`DROP TABLE ${table}`);

    const error = await failure(sender.send(batch(2), signal()));
    await schema.rows(createTable({ schema: schema.name, table: "events" }, "jsonb"));
    await sender.send(batch(2), signal());

    expect(error).toMatchObject({ code: "config_invalid", reason: "table_missing" });
    expect(await side.received()).toHaveLength(2);
  });

  test("a column of somebody else's that wants a value halts, instead of refusing every event", async () => {
    const { open, schema, table } = await world();
    await schema.rows(`ALTER TABLE ${table} ADD tenant text NOT NULL`);

    const error = await failure(open().send(batch(2), signal()));

    expect(error).toMatchObject({ code: "config_invalid", reason: "table_unsuitable" });
  });
});
