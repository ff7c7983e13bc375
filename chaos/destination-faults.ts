// A receiver that redirects, answers with web pages, hangs, drips, breaks off, refuses and is busy, at random: in the end all has arrived.

import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { deliver, planFor, tally } from "../bench/delivering.ts";
import { GrownStore } from "../bench/grown-store.ts";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { tempFolder } from "./files.ts";
import { keyReceiver, webhookSettings } from "./key-receiver.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";

const LINES = 500;
const PATIENCE_MS = 15 * 60_000;
const BAD_SHARE = 0.4;

const misdeeds: Readonly<Record<string, (response: ServerResponse) => void>> = {
  busy: (response) => void response.writeHead(503, { "retry-after": "1" }).end("busy"),
  throttled: (response) => void response.writeHead(429, { "retry-after": "2" }).end("{}"),
  failing: (response) => void response.writeHead(500).end("<html><body>oops</body></html>"),
  closesEarly: (response) => void response.socket?.destroy(),
  breaksOff: (response) => {
    response.writeHead(200, { "content-length": "1000" }).write("{");
    response.socket?.end();
  },
  drips: (response) => {
    response.writeHead(500);
    for (let i = 1; i <= 5; i++) setTimeout(() => response.write("."), i * 200);
    setTimeout(() => response.end(), 1_200);
  },
  resets: (response) => void response.socket?.resetAndDestroy(),
};

/** `count` batches' worth of events. */
export async function faultyReceiver({ seed, count: batches, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const dataDir = tempFolder(cleanUp);
    const store = await GrownStore.open(dataDir, { linesPerFile: LINES, lineBytes: 600, fileMs: 60_000 });
    cleanUp.add(() => store.close());
    const reader = openSqliteReader(dataDir);
    cleanUp.add(() => reader.close());
    await store.growTo(batches * LINES);
    const receiver = await keyReceiver(cleanUp);
    const done = misbehaving(receiver, randomOf("chaos-receiver", seed));
    // Waits for a retry pass quicker; the limits of a request do not.
    const onBug = (error: unknown) => faults.addBug(error);
    const plan = planFor("webhook", webhookSettings(receiver.url), ["col_a", "col_b"]);
    const engine = await deliver({ store: store.deliveries, reader, dataDir, plan, onBug, speed: () => 60 });
    cleanUp.add(() => engine.stop(0));
    const started = performance.now();
    for (let pending = 1; pending > 0 && performance.now() - started < PATIENCE_MS; ) {
      await sleep(500);
      pending = (await tally(reader)).pending;
      note(`${pending} to come`);
    }
    const { delivered, dead } = await tally(reader);
    faults.expect(receiver.taken.size === store.events, `${store.events - receiver.taken.size} events never arrived`);
    faults.expect(delivered === store.events && dead === 0, `the receipts say ${delivered} delivered and ${dead} dead`);
    for (const name of Object.keys(misdeeds)) faults.expect((done.get(name) ?? 0) > 0, `${name} never happened`);
    return {
      figures: { events: store.events, misdeeds: Object.fromEntries(done), lost: store.events - receiver.taken.size },
      faults: faults.list(),
    };
  } finally {
    await cleanUp.run();
  }
}

function misbehaving(receiver: Awaited<ReturnType<typeof keyReceiver>>, random: Random): ReadonlyMap<string, number> {
  const done = new Map<string, number>();
  receiver.misdeed = (response) => {
    if (!random.chance(BAD_SHARE)) return false;
    const name = random.pick(Object.keys(misdeeds));
    done.set(name, (done.get(name) ?? 0) + 1);
    misdeeds[name]!(response);
    return true;
  };
  return done;
}
