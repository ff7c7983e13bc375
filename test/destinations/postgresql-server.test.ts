// The PostgreSQL destination against a server of its own: TLS, passwords, and a server that dies.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTable } from "../../src/destinations/parts/postgresql-table.ts";
import { postgresql } from "../../src/destinations/postgresql.ts";
import type { CheckStep } from "../../src/model/check.ts";
import type { Batch } from "../../src/model/outgoing.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { type TestAuthority, testAuthority } from "../../src/testing/certificates.ts";
import { openSender } from "../../src/testing/destination-contract.ts";
import { administrator } from "../../src/testing/postgresql.ts";
import {
  type PostgresqlServer,
  postgresqlServer,
  withoutPostgresqlPrograms,
} from "../../src/testing/postgresql-server.ts";

const missing = withoutPostgresqlPrograms();
const password = "canary: pass'wörd \\ 7";
const signal = () => AbortSignal.timeout(20_000);
const batch = (count: number, from = 1): Batch =>
  aBatch(Array.from({ length: count }, (_, index) => anOutgoingEvent({ seq: from + index })));

describe.skipIf(missing !== undefined)(`against a server of its own${missing ? ` (${missing})` : ""}`, () => {
  let server: PostgresqlServer;
  let authority: TestAuthority;
  const senders: ReturnType<typeof openSender>[] = [];

  beforeAll(async () => {
    authority = await testAuthority();
    server = await postgresqlServer({ ...(await authority.server("localhost")), password });
    const admin = await administrator(address(), { ca: authority.cert });
    await admin.query(createTable({ schema: "public", table: "cistern_events" }, "text"));
    await admin.end();
  }, 60_000);
  afterAll(() => server?.close());
  afterEach(async () => {
    for (const sender of senders.splice(0)) await sender.close();
  });

  const address = () => ({ host: "127.0.0.1", port: server.port, database: "postgres", user: "postgres", password });
  const open = (change: object = {}) => {
    const settings = { ...address(), host: "localhost", ca: authority.cert, allow_networks: "127.0.0.0/8 ::1/128" };
    const sender = openSender(postgresql, { ...settings, ...change }, "/nowhere");
    senders.push(sender);
    return sender;
  };
  const check = async (change: object = {}) => {
    const steps: CheckStep[] = [];
    for await (const step of open(change).check(anOutgoingEvent({ seq: 9_000 }), signal())) steps.push(step);
    return steps.filter(({ state }) => state !== "running");
  };
  const stored = async () => {
    const admin = await administrator(address(), { ca: authority.cert });
    const { rows } = await admin.query<{ seq: string }>("SELECT seq FROM cistern_events ORDER BY seq");
    await admin.end();
    return rows.map(({ seq }) => Number(seq));
  };

  /** How many of the ten thousand from there. */
  const kept = async (from: number) => (await stored()).filter((seq) => seq >= from && seq < from + 10_000).length;

  test("signs in over TLS with a password, by name and by address", async () => {
    const steps = await check();

    expect(steps.map(({ state }) => state)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(steps[0]!.detail).toContain("over TLS");
    await open({ host: "127.0.0.1" }).send(batch(1), signal());
    expect(await stored()).toEqual([1, 9_000]);
  });

  test.each([
    ["a wrong password", { password: "canary-wrong" }, "sign-in", "credentials_refused"],
    ["no password", { password: undefined }, "sign-in", "credentials_refused"],
    ["a connection in the clear", { tls: false }, "sign-in", "credentials_refused"],
    ["a certificate of an unknown authority", { ca: undefined }, "connect", "certificate_untrusted"],
  ])("refuses %s", async (_, change, id, reason) => {
    const steps = await check(change);

    expect(steps).toContainEqual(expect.objectContaining({ id, state: "failed", reason }));
    expect(JSON.stringify(steps)).not.toContain("canary");
  });

  test("a server that dies in the middle of a statement has kept nothing, and the repeat makes it whole", async () => {
    const sender = open();
    await sender.send(batch(1), signal());
    const admin = await administrator(address(), { ca: authority.cert });
    await admin.query("BEGIN; LOCK TABLE cistern_events IN EXCLUSIVE MODE");
    const sending = outcomeOf(sender.send(batch(50, 20_000), signal()));
    const waiting = async () =>
      (await admin.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rows.length;
    await expect.poll(waiting).toBe(1);

    await server.kill();

    expect(await sending).toBe("unavailable");
    await server.start();
    expect(await kept(20_000)).toBe(0);
    await sender.send(batch(50, 20_000), signal());
    expect(await kept(20_000)).toBe(50);
  }, 60_000);

  test.each([
    [25, 30_000],
    [100, 40_000],
  ])(
    "a server that dies %i ms into a batch keeps all of it or nothing, and all of it where it said so",
    async (ms, from) => {
      const sender = open();
      await sender.send(batch(1), signal());
      const sending = outcomeOf(sender.send(batch(2_000, from), signal()));
      await new Promise((resolve) => setTimeout(resolve, ms));
      await server.kill();
      const outcome = await sending;
      await server.start();

      expect(outcome === "taken" ? [2_000] : [0, 2_000]).toContain(await kept(from));
      expect(["taken", "unavailable"]).toContain(outcome);
      await sender.send(batch(2_000, from), signal());
      expect(await kept(from)).toBe(2_000);
    },
    60_000,
  );
});

const outcomeOf = (sending: Promise<unknown>) =>
  sending.then(
    () => "taken",
    (error: { code: string }) => error.code,
  );
