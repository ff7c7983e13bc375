// What every destination has to keep, wherever it delivers. Called once in the destination's own tests.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { allowedNetworks, type NetworkFields } from "../http/network-fields.ts";
import { createOutlet, createSockets } from "../http/outlet.ts";
import type { CheckStep } from "../model/check.ts";
import type { Destination, Sender, SenderContext } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import { secretFields, settingFields } from "../model/settings-fields.ts";
import { aBatch, anOutgoingEvent, hostileEvents } from "./an-outgoing-event.ts";
import { quietLog } from "./quiet-log.ts";
import { marked, settingsTable } from "./settings-table.ts";
import { systemSeams } from "./system-seams.ts";

/** The other side, real or simulated, of its own for each test. */
export interface OtherSide {
  /** As a person would enter them. What is on this machine needs `allow_networks: "127.0.0.0/8 ::1/128"`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Event keys that it holds, in the order in which they came; a key that came twice stands there twice. */
  received(): Promise<readonly string[]>;
  /** The body that arrived for a key, as it arrived. */
  bodyOf?(key: string): Promise<string | undefined>;
  /** Settings with which it refuses us: a wrong token, an unknown user. Absent where there is nothing to sign in with. */
  readonly wrongCredentials?: Readonly<Record<string, unknown>>;
  /** Goes away in the middle of everything. Absent where it is no server. */
  stop?(): Promise<void>;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.0/8 ::1/128";
/** A batch of more than one page of anything. */
const MANY = 120;

/** A sender over real sockets, as the product makes it. */
export function openSender(kind: Destination, given: Readonly<Record<string, unknown>>, folder: string): Sender {
  const settings = kind.settings.parse(given) as NetworkFields;
  const network = {
    allowNetworks: allowedNetworks(settings),
    ca: settings.ca,
    clientCert: settings.client_certificate,
    clientKey: settings.client_key,
  };
  const resolve = systemSeams.resolve;
  const outlet = createOutlet({ network, resolve, proxy: undefined, product: "cistern/test" });
  const context: SenderContext<unknown> = {
    settings,
    format: kind.formats[0]!,
    outlet,
    sockets: createSockets({ network, resolve }),
    ...systemSeams,
    product: "cistern/test",
    folder,
    log: quietLog(),
  };
  const sender = kind.open(context);
  return {
    send: (batch, signal) => sender.send(batch, signal),
    check: (event, signal) => sender.check(event, signal),
    async close() {
      await sender.close();
      await outlet.close();
    },
  };
}

export function testDestination(kind: Destination, openOtherSide: () => Promise<OtherSide>): void {
  const cleanUp: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });

  const world = async () => {
    const folder = mkdtempSync(join(tmpdir(), "cistern-destination-"));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    const side = await openOtherSide();
    cleanUp.push(() => side.close());
    const open = (settings = side.settings) => {
      const sender = openSender(kind, settings, folder);
      cleanUp.push(() => sender.close());
      return sender;
    };
    return { side, open };
  };
  const signal = () => AbortSignal.timeout(30_000);
  const fresh = (count: number, from = 1) =>
    Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: from + i, body: bodyFor(kind, from + i) }));

  describe(`${kind.name} keeps the contract`, () => {
    test("the settings draw a form: labels, help, and secrets marked as such", () => {
      const fields = settingFields(kind.settings);

      expect(kind.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(kind.description).toMatch(/^[A-Z].*\.$/);
      expect(kind.guaranteeNote).toMatch(/^[A-Z].*\.$/);
      for (const { name, label, help } of fields) {
        expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
        expect(label, name).not.toBe(name);
        expect(help, name).toMatch(/\.$/);
      }
      const suspects = fields.filter(({ name }) => /token|secret|password|api_key|client_key/.test(name));
      expect(suspects.map(({ kind: of }) => of)).toEqual(suspects.map(() => "secret"));
      for (const name of kind.address) expect(fields.map((field) => field.name)).toContain(name);
    });

    test("its page in the documentation has the table of its settings", () => {
      const page = readFileSync(join(import.meta.dirname, `../../docs/destinations/${kind.name}.md`), "utf8");

      expect(marked(page, "settings")).toBe(settingsTable(kind.settings));
    });

    test("every event of a batch arrives, once", async () => {
      const { side, open } = await world();
      const batch = aBatch(fresh(MANY));

      const sent = await open().send(batch, signal());

      expect(sent.refused ?? []).toEqual([]);
      expect(sent.again ?? []).toEqual([]);
      const keys = batch.events.map(({ key }) => key);
      expect([...(await side.received())].sort()).toEqual([...keys].sort());
      if (kind.concurrency === 1) expect(await side.received()).toEqual(keys);
    }, 60_000);

    test("a repeated batch brings nothing new: the same keys, and no second copy where the other side can tell", async () => {
      const { side, open } = await world();
      const batch = aBatch(fresh(20));
      const sender = open();

      await sender.send(batch, signal());
      await open().send(batch, signal());

      const received = await side.received();
      expect(new Set(received)).toEqual(new Set(batch.events.map(({ key }) => key)));
      const exact = kind.guarantee === "idempotent" || kind.guarantee === "deduplicated_for_a_while";
      expect(received).toHaveLength(exact ? 20 : 40);
    }, 60_000);

    test("hostile content arrives as it is", async () => {
      const { side, open } = await world();
      const events = hostileEvents();

      const sent = await open().send(aBatch(events), signal());

      const refused = new Set((sent.refused ?? []).map(({ index }) => index));
      const expected = events.filter((_, index) => !refused.has(index));
      expect([...(await side.received())].sort()).toEqual(expected.map(({ key }) => key).sort());
      for (const { key, body } of side.bodyOf ? expected : []) expect(await side.bodyOf!(key)).toBe(body);
    }, 60_000);

    test("the connection test tells each step as it starts and as it ends, and its event arrives", async () => {
      const { side, open } = await world();
      const event = fresh(1, 77)[0]!;
      const steps: CheckStep[] = [];

      for await (const step of open().check(event, signal())) steps.push(step);

      const ended = steps.filter(({ state }) => state !== "running");
      expect(ended.filter(({ state }) => state === "failed")).toEqual([]);
      expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
      expect(steps.filter(({ state }) => state === "running").map(({ id }) => id)).toEqual(
        ended.filter(({ state }) => state !== "skipped").map(({ id }) => id),
      );
      expect(await side.received()).toContain(event.key);
    }, 60_000);

    test("what refuses us halts, and no secret is told", async () => {
      const { side, open } = await world();
      if (side.wrongCredentials === undefined) return;
      const wrong = { ...side.settings, ...side.wrongCredentials };

      const error = await thrown(open(wrong).send(aBatch(fresh(2)), signal()));

      expect(error.code).toBe("auth_failed");
      expect(error.action).toMatch(/\S/);
      const secrets = secretFields(kind.settings).map((name) => wrong[name as keyof typeof wrong]);
      for (const secret of secrets.filter((one) => one !== undefined))
        expect(JSON.stringify([error.message, error.action])).not.toContain(String(secret));
    }, 60_000);

    test("what has gone away is told within seconds, as something that passes", async () => {
      const { side, open } = await world();
      if (side.stop === undefined) return;
      const sender = open();
      await sender.send(aBatch(fresh(2)), signal());
      await side.stop();

      const error = await thrown(sender.send(aBatch(fresh(2, 50)), signal()));

      expect(error.code).toBe("unavailable");
    }, 60_000);

    test("this machine is not connected to unless its network is named", async () => {
      const { side, open } = await world();
      if (side.settings.allow_networks !== LOOPBACK) return;
      const { allow_networks: _, ...rest } = side.settings;

      const error = await thrown(open(rest).send(aBatch(fresh(1)), signal()));

      expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
      expect(await side.received()).toEqual([]);
    }, 60_000);

    test("a call that is aborted ends with the reason given, and closing twice harms nothing", async () => {
      const { open } = await world();
      const sender = open();
      const stop = AbortSignal.abort(new Error("stopped"));

      await expect(sender.send(aBatch(fresh(1)), stop)).rejects.toBe(stop.reason);
      await sender.close();
      await sender.close();
    }, 60_000);
  });
}

/** Text formats get a line of text: the key stands in it, so that it can be found again. */
function bodyFor(kind: Destination, seq: number): string {
  const event = anOutgoingEvent({ seq });
  return kind.formats[0] === "cef" || kind.formats[0] === "leef" ? `text ${event.key}` : event.body;
}

async function thrown(work: Promise<unknown>): Promise<CollectorError> {
  const error: unknown = await work.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CollectorError)) throw error;
  return error;
}
