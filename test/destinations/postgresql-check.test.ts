// The connection test of the PostgreSQL destination.
import { describe, expect, test } from "vitest";
import { anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { withoutPostgresql } from "../../src/testing/postgresql.ts";
import { postgresqlWorlds } from "./postgresql-world.ts";

const missing = await withoutPostgresql();
const { world } = postgresqlWorlds();

describe.skipIf(missing !== undefined)(`the connection test of a real server${missing ? ` (${missing})` : ""}`, () => {
  test("creates the table where it is missing and may be", async () => {
    const { check, side, schema, table } = await world("none");

    const steps = await check();

    expect(steps.map(({ id, state }) => [id, state])).toEqual([
      ["connect", "ok"],
      ["sign-in", "ok"],
      ["table", "ok"],
      ["deliver", "ok"],
    ]);
    expect(steps[2]!.detail).toContain("was created");
    expect(await side.received()).toEqual([anOutgoingEvent({ seq: 99 }).key]);
    const [key] = await schema.rows(
      `SELECT a.attname AS name, c.collname AS collation FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        JOIN pg_collation c ON c.oid = a.attcollation WHERE i.indrelid = '${table}'::regclass AND i.indisprimary`,
    );
    expect(key).toEqual({ name: "key", collation: "C" });
  });

  test("does not create it where that is not wanted", async () => {
    const { check } = await world("none");

    const steps = await check({ create_table: false });

    expect(steps.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ["connect", "ok", undefined],
      ["sign-in", "ok", undefined],
      ["table", "failed", "table_missing"],
      ["deliver", "skipped", undefined],
    ]);
  });

  test.each([
    ["a wrong user", { user: "cistern_nobody" }, "sign-in", "credentials_refused"],
    ["a wrong database", { database: "cistern_no_such_database" }, "sign-in", "database_missing"],
    ["a server that does not speak TLS", { tls: true }, "connect", "tls_not_offered"],
    [
      "a client certificate that cannot be read",
      { tls: true, client_certificate: "-----BEGIN nothing", client_key: "-----BEGIN nothing" },
      "connect",
      "certificate_unreadable",
    ],
    ["a port where nobody listens", { port: 1 }, "connect", "connection_refused"],
    ["a schema that is not there", { table: "cistern_no_such_schema.events" }, "table", "schema_missing"],
  ])("tells %s", async (_, change, id, reason) => {
    const { check } = await world();

    const failed = (await check(change)).filter(({ state }) => state === "failed");

    expect(failed).toMatchObject([{ id, reason, remedy: expect.stringMatching(/\S/) }]);
  });

  test.each([
    ["without a unique key", "DROP CONSTRAINT events_pkey", "key_not_unique"],
    ["without a column of ours", "DROP COLUMN siteid", "table_unsuitable"],
  ])("tells a table %s", async (_, change, reason) => {
    const { check, schema, table } = await world();
    await schema.rows(`ALTER TABLE ${table} ${change}`);

    expect(await check()).toContainEqual(expect.objectContaining({ id: "table", state: "failed", reason }));
  });

  test("tells a right that is missing", async () => {
    const { check, schema, table, role } = await world();
    const user = await role();
    await schema.rows(`GRANT INSERT ON ${table} TO ${user}`);

    expect(await check({ user })).toContainEqual(
      expect.objectContaining({ id: "table", state: "failed", reason: "permission_missing" }),
    );
  });
});
