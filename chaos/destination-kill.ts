// The product killed with SIGKILL while it delivers: every event arrives; doubled are only events with equal keys, and none where the
// destination takes our key.
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tally } from "../bench/delivering.ts";
import { eventKey } from "../src/model/event.ts";
import { randomOf } from "../src/sandbox/random.ts";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { ALL_PRIVILEGES, elasticsearchServer } from "../src/testing/elasticsearch-server.ts";
import { tempFolder } from "./files.ts";
import { type KeyReceiver, keyReceiver } from "./key-receiver.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";
import { type ProductProcess, startProduct, writeConfiguration } from "./product.ts";

const LONGEST_MS = 1_500;
/** A life in which nothing is delivered for so long is killed all the same. */
const FIRST_DELIVERY_MS = 20_000;
const API_KEY = Buffer.from("chaos:only-for-this-run").toString("base64");
const ADVANCE_MS = 30 * 60_000;
const PATIENCE_MS = 180_000;

/** `count` kills. */
export async function killDeliveries({ seed, count: kills, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const folder = tempFolder(cleanUp);
    const sandbox = await startSandbox({
      port: 0,
      people: 30,
      eventsPerDay: 6_000,
      days: 2,
      live: false,
      ratePerMinute: 0,
      seed,
    });
    cleanUp.add(() => sandbox.close());
    const receiver = await keyReceiver(cleanUp);
    const elastic = await elasticsearchServer({ apiKeys: { [API_KEY]: ALL_PRIVILEGES } });
    cleanUp.add(() => elastic.close());
    const config = writeConfiguration(folder, sandbox, [{ name: "keep", dataSources: ["conversations", "auth-log"] }]);
    appendFileSync(config, destinationsOf(receiver.url, elastic.url));
    const dataDir = join(folder, "data");
    const args = ["serve", "--config", config, "--data-dir", dataDir, "--listen", "127.0.0.1:0"];
    const random = randomOf("chaos-deliveries", seed);
    let whileDelivering = 0;
    for (let done = 0; done < kills; done++) {
      sandbox.advance(ADVANCE_MS);
      const process = startProduct(args, {}, cleanUp);
      const before = receiver.taken.size;
      // First until it delivers; every other kill then comes right behind a request that was taken, whose outcome may not be written yet.
      await nextTaken(receiver);
      if (done % 2 === 1) await sleep(random.between(0, LONGEST_MS));
      if (process.hasEnded) faults.add(`the server ended on its own: ${process.said().slice(-1_500)}`);
      await process.kill();
      if (receiver.taken.size > before) whileDelivering += 1;
      if ((done + 1) % 10 === 0) note(`${done + 1} kills, ${receiver.taken.size} events have arrived`);
    }
    const last = startProduct(args, {}, cleanUp);
    const keys = await settled(dataDir, last);
    await last.kill();
    const stream = elastic.streams.find("logs-openai.compliance-default");
    const documents = stream?.indices.flatMap((index) => [...index.keys()]) ?? [];
    const arrived = new Set(documents);
    const missing = (there: { has(key: string): boolean }) => [...keys].filter((key) => !there.has(key)).length;
    faults.expect(
      keys.size > 0 && whileDelivering > kills / 2,
      `of ${kills} kills ${whileDelivering} came while it delivered`,
    );
    faults.expect(missing(receiver.taken) === 0, `${missing(receiver.taken)} events never reached the webhook`);
    faults.expect(missing(arrived) === 0, `${missing(arrived)} events never reached Elasticsearch`);
    faults.expect(arrived.size === documents.length, "Elasticsearch holds an event twice");
    const foreign = [...receiver.taken.keys()].filter((key) => !keys.has(key)).length;
    faults.expect(foreign === 0, `${foreign} keys arrived that are not stored`);
    const doubled = [...receiver.taken.values()].filter((times) => times > 1).length;
    return {
      figures: {
        kills,
        whileDelivering,
        events: keys.size,
        doubledAtWebhook: doubled,
        doubledAtElasticsearch: documents.length - arrived.size,
      },
      faults: faults.list(),
    };
  } finally {
    await cleanUp.run();
  }
}

async function nextTaken(receiver: KeyReceiver): Promise<void> {
  const over = new AbortController();
  const taken = new Promise<void>((resolve) => {
    receiver.onTaken = resolve;
  });
  const late = sleep(FIRST_DELIVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([taken, late]);
  over.abort();
}

const destinationsOf = (webhook: string, elastic: string) => `destinations:
  - name: hook
    destination: webhook
    settings: { url: "${webhook}", body: ndjson, allow_networks: 127.0.0.0/8 }
    max_batch_events: 100
  - name: search
    destination: elasticsearch
    settings: { url: "${elastic}", api_key: "${API_KEY}", allow_networks: 127.0.0.0/8 }
    max_batch_events: 100
`;

/** The keys of everything stored, once all of it is delivered. */
async function settled(dataDir: string, last: ProductProcess): Promise<ReadonlySet<string>> {
  const started = performance.now();
  for (;;) {
    await sleep(2_000);
    if (last.hasEnded) throw new Error(`the server ended on its own: ${last.said().slice(-2_000)}`);
    if (!existsSync(join(dataDir, "cistern.db"))) continue;
    const reader = openSqliteReader(dataDir);
    try {
      const { pending } = await tally(reader);
      const waits = (await reader.dataSources()).reduce((sum, { counts }) => sum + counts.filesPending, 0);
      const keys = await keysOf(reader);
      const isDone = keys.size > 0 && pending === 0 && waits === 0;
      if (isDone || performance.now() - started > PATIENCE_MS) return keys;
    } finally {
      await reader.close();
    }
  }
}

async function keysOf(reader: ReturnType<typeof openSqliteReader>): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const { collectorId } of await reader.deliveries.deliveryStates())
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await reader.readLog({ collectorId, after, upTo: Number.MAX_SAFE_INTEGER, limit: 2_000 });
      for (const event of page.events) keys.add(eventKey(event));
      after = page.next;
    }
  return keys;
}
