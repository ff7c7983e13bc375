// What the tests of the PostgreSQL destination share: a schema of its own for each, behind a relay that can be cut.
import { afterEach } from "vitest";
import { createTable } from "../../src/destinations/parts/postgresql-table.ts";
import { postgresql } from "../../src/destinations/postgresql.ts";
import type { CheckStep } from "../../src/model/check.ts";
import { CollectorError } from "../../src/model/errors.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { type OtherSide, openSender } from "../../src/testing/destination-contract.ts";
import { postgresqlAddress, testSchema } from "../../src/testing/postgresql.ts";
import { tcpRelay } from "../../src/testing/tcp-relay.ts";

export const signal = () => AbortSignal.timeout(20_000);

/** The server behind a relay, so that it can go away. The table is there unless another body is asked for. */
export async function otherSide(body: "text" | "jsonb" | "none" = "text") {
  const schema = await testSchema();
  const relay = await tcpRelay(postgresqlAddress);
  const table = `${schema.name}.events`;
  if (body !== "none") await schema.rows(createTable({ schema: schema.name, table: "events" }, body));
  const side = {
    settings: {
      host: "127.0.0.1",
      port: relay.port,
      database: postgresqlAddress.database,
      user: postgresqlAddress.user,
      ...(postgresqlAddress.password && { password: postgresqlAddress.password }),
      table,
      tls: false,
      allow_networks: "127.0.0.0/8 ::1/128",
    },
    wrongCredentials: { user: "cistern_nobody", password: "canary-password-7" },
    // The place of a row in the table's file: rows that are only added stand in the order in which they came.
    received: async () =>
      (await schema.rows<{ key: string }>(`SELECT key FROM ${table} ORDER BY ctid`)).map(({ key }) => key),
    bodyOf: async (key: string) =>
      (await schema.rows<{ body: string }>(`SELECT body::text AS body FROM ${table} WHERE key = $1`, [key]))[0]?.body,
    stop: () => relay.close(),
    async close() {
      await relay.close();
      await schema.close();
    },
  } satisfies OtherSide;
  return { side, schema, relay, table };
}

/** Makes worlds for the tests of a file, and takes them away after each test. */
export function postgresqlWorlds() {
  const cleanUp: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });
  const world = async (body: "text" | "jsonb" | "none" = "text") => {
    const made = await otherSide(body);
    cleanUp.push(() => made.side.close());
    const open = (change: object = {}) => {
      const sender = openSender(postgresql, { ...made.side.settings, ...change }, "/nowhere");
      cleanUp.push(() => sender.close());
      return sender;
    };
    const check = async (change: object = {}) => {
      const steps: CheckStep[] = [];
      for await (const step of open(change).check(anOutgoingEvent({ seq: 99 }), signal())) steps.push(step);
      return steps.filter(({ state }) => state !== "running");
    };
    /** A role that may come into the schema, and nothing else. */
    const role = async () => {
      const name = made.schema.name;
      await made.schema.rows(`CREATE ROLE ${name} LOGIN`);
      cleanUp.push(() => made.schema.rows(`DROP OWNED BY ${name}; DROP ROLE ${name}`));
      await made.schema.rows(`GRANT USAGE ON SCHEMA ${name} TO ${name}`);
      return name;
    };
    return { ...made, open, check, role };
  };
  return { world, cleanUp };
}

/** The error that the work ends with. */
export async function failure(work: Promise<unknown>): Promise<CollectorError> {
  const error: unknown = await work.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CollectorError)) throw error;
  return error;
}

export const batch = (count: number, from = 1) =>
  aBatch(Array.from({ length: count }, (_, index) => anOutgoingEvent({ seq: from + index })));
