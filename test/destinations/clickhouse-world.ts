// What the tests of the ClickHouse destination share: one engine for a file, a database of its own for each test.
import { randomBytes } from "node:crypto";
import { afterAll, afterEach } from "vitest";
import { clickhouse } from "../../src/destinations/clickhouse.ts";
import { createTable } from "../../src/destinations/parts/clickhouse-table.ts";
import type { CheckStep } from "../../src/model/check.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import {
  type ClickhouseServer,
  clickhousePassword,
  clickhouseServer,
  clickhouseUser,
} from "../../src/testing/clickhouse-server.ts";
import { type OtherSide, openSender } from "../../src/testing/destination-contract.ts";

export const signal = () => AbortSignal.timeout(20_000);

/** Worlds for the tests of a file; `missing` says why the engine cannot be had here. */
export async function clickhouseWorlds() {
  let server: ClickhouseServer | undefined;
  const running = async () => {
    if (!server?.isRunning()) server = await clickhouseServer();
    return server;
  };
  const missing = await running().then(
    () => undefined,
    (error: Error) => `chdb does not run here: ${error.message}`,
  );
  const cleanUp: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });
  afterAll(() => server?.close());

  const otherSide = async (table: "there" | "none" = "there") => {
    const { url, rows, close } = await running();
    const name = { database: `cistern_${randomBytes(6).toString("hex")}`, table: "events" };
    const from = `${name.database}.events`;
    await rows(`CREATE DATABASE ${name.database}`);
    if (table === "there") await rows(createTable(name));
    const side = {
      settings: {
        url,
        ...name,
        user: clickhouseUser,
        password: clickhousePassword,
        allow_networks: "127.0.0.0/8 ::1/128",
      },
      wrongCredentials: { password: "canary-wrong" },
      // A table has no order of its own.
      received: async () => (await rows<{ key: string }>(`SELECT key FROM ${from} ORDER BY seq`)).map(({ key }) => key),
      bodyOf: async (key: string) =>
        (await rows<{ key: string; body: string }>(`SELECT key, body FROM ${from}`)).find((row) => row.key === key)
          ?.body,
      stop: close,
      close: async () => {
        if (server?.url === url && server.isRunning()) await rows(`DROP DATABASE IF EXISTS ${name.database} SYNC`);
      },
    } satisfies OtherSide;
    return { side, from, rows };
  };
  const world = async (table: "there" | "none" = "there") => {
    const made = await otherSide(table);
    cleanUp.push(() => made.side.close());
    const open = (change: object = {}) => {
      const sender = openSender(clickhouse, { ...made.side.settings, ...change }, "/nowhere");
      cleanUp.push(() => sender.close());
      return sender;
    };
    const check = async (change: object = {}) => {
      const steps: CheckStep[] = [];
      for await (const step of open(change).check(anOutgoingEvent({ seq: 99 }), signal())) steps.push(step);
      return steps.filter(({ state }) => state !== "running");
    };
    return { ...made, open, check };
  };
  return { missing, otherSide, world };
}

export const batch = (count: number, from = 1) =>
  aBatch(Array.from({ length: count }, (_, index) => anOutgoingEvent({ seq: from + index })));
