// A destination that is down for hours while events keep coming: memory stays flat, nothing is lost, and once it is back all is drained.
import { setTimeout as sleep } from "node:timers/promises";
import { deliver, planFor, tally } from "../bench/delivering.ts";
import { GrownStore } from "../bench/grown-store.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { tempFolder } from "./files.ts";
import { keyReceiver, webhookSettings } from "./key-receiver.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";

const EVENTS_A_SECOND = 50;
const LINES = 3_000;
/** Two thirds of the files are one collector's, the others another's. */
const COLLECTORS = ["col_a", "col_b"];
const MOST_GROWTH_MB = 50;
const DRAINED_WITHIN_S = 600;
/** The first part of the outage warms up: caches and compiled code come once. */
const WARM_UP = 0.15;

/** `count` hours. */
export async function outage({ count: hours, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const events = Math.ceil((hours * 3_600 * EVENTS_A_SECOND) / LINES) * LINES;
    const dataDir = tempFolder(cleanUp);
    const shape = { linesPerFile: LINES, lineBytes: 600, fileMs: (LINES / EVENTS_A_SECOND) * 1_000 };
    const store = await GrownStore.open(dataDir, shape);
    cleanUp.add(() => store.close());
    const reader = openSqliteReader(dataDir);
    cleanUp.add(() => reader.close());
    const receiver = await keyReceiver(cleanUp);
    let down = true;
    receiver.misdeed = (response) => {
      if (down) response.destroy();
      return down;
    };
    // While it is down, the waits of hours pass as fast as the events come in.
    const speed = () => (down ? 300 : 1);
    const onBug = (error: unknown) => faults.addBug(error);
    const plan = planFor("webhook", webhookSettings(receiver.url), COLLECTORS);
    const engine = await deliver({ store: store.deliveries, reader, dataDir, plan, onBug, speed });
    cleanUp.add(() => engine.stop(0));
    const growth = await grow(store, events, note);
    const attempts = (await engine.activity())[0]!;
    faults.expect(attempts.phase === "retrying", `after the outage the destination is ${attempts.phase}`);
    down = false;
    const backAt = performance.now();
    await engine.wake(plan.id);
    const drained = await untilDrained(reader, backAt, note);
    const counts = await tally(reader);
    const doubled = [...receiver.taken.values()].filter((times) => times > 1).length;
    faults.expect(receiver.taken.size === events, `${events - receiver.taken.size} of ${events} events never arrived`);
    faults.expect(counts.delivered === events && counts.dead === 0, `the receipts say ${JSON.stringify(counts)}`);
    faults.expect(growth.rssMb <= MOST_GROWTH_MB, `memory grew by ${growth.rssMb} MB`);
    faults.expect(drained <= DRAINED_WITHIN_S, `it took ${drained} s to drain`);
    return {
      figures: {
        hours,
        events,
        rssGrowthMb: growth.rssMb,
        rssMb: growth.endMb,
        lost: events - receiver.taken.size,
        doubled,
        drainedSeconds: drained,
        drainedPerSecond: Math.round(events / drained),
      },
      faults: faults.list(),
    };
  } finally {
    await cleanUp.run();
  }
}

const megabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20);

/** Takes the events in while nobody takes them out; memory is compared between the warm-up and the end. */
async function grow(store: GrownStore, events: number, note: PartOptions["note"]) {
  let warmMb = 0;
  while (store.events < events) {
    await store.commitNext();
    await sleep(1);
    if (warmMb === 0 && store.events >= events * WARM_UP) warmMb = megabytes();
    if (store.events % (events / 8) < LINES) note(`${store.events} of ${events} events are waiting, ${megabytes()} MB`);
  }
  const endMb = megabytes();
  return { rssMb: endMb - warmMb, endMb };
}

async function untilDrained(
  reader: Parameters<typeof tally>[0],
  since: number,
  note: PartOptions["note"],
): Promise<number> {
  for (;;) {
    await sleep(1_000);
    const { pending, delivered } = await tally(reader);
    const seconds = Math.round((performance.now() - since) / 1_000);
    if (seconds % 10 === 0) note(`${delivered} delivered, ${pending} to come`);
    if (pending === 0 || seconds > 2 * DRAINED_WITHIN_S) return seconds;
  }
}
