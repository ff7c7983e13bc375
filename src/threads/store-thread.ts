// The thread that writes: every commit waits for the disk here, and nobody else does.
import { buffersOf } from "../model/event-columns.ts";
import type { Store } from "../model/store.ts";
import { createLog, type LogLevel } from "../runtime/log.ts";
import { letOthersIn, offer, standBehind, threadData } from "../runtime/threads.ts";
import type { MigrationStep } from "../store/sqlite/migrate.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";

export interface StoreThreadData {
  readonly log: { readonly level: LogLevel; readonly pretty: boolean };
  readonly dataDir: string;
}

standBehind(5);
let toldTenth: number | undefined;
const data = threadData<StoreThreadData>();
const log = createLog(data.log.level, data.log).child({ thread: "store" });
// Long removals let other calls in between their short transactions.
const store = await openSqliteStore(data.dataDir, { pause: letOthersIn, onMigration: tellMigration });

/** The store, whose commits let go of a file's bytes at once: left to the collector they would pile up between its runs. */
const offered = new Proxy(store, {
  get(target, name) {
    const own: unknown = Reflect.get(target, name, target);
    if (typeof own !== "function") return own;
    if (name !== "commitFile") return own.bind(target);
    return async (...args: Parameters<Store["commitFile"]>) => {
      try {
        return await target.commitFile(...args);
      } finally {
        const { bytes, events } = args[1];
        for (const buffer of [bytes.buffer as ArrayBuffer, ...buffersOf(events)]) buffer.transfer(0);
      }
    };
  },
});
offer({ store: offered, deliveries: store.deliveries }, () => store.close());

/** Each step of an upgrade, and each tenth of the copy that is made first. */
function tellMigration(step: MigrationStep): void {
  if (step.phase === "migrating")
    log.info({ to: step.version, name: step.name }, "bringing the database to a new schema");
  if (step.phase === "done") log.info({ to: step.version }, "the database has the new schema");
  if (step.phase !== "copying") return;
  const { pagesDone: done, pagesTotal: total } = step;
  const tenth = Math.floor((10 * done) / Math.max(1, total));
  if (tenth === toldTenth) return;
  toldTenth = tenth;
  log.info({ done, total }, "copying the database before it is changed");
}
