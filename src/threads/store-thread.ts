// The thread that writes: every commit waits for the disk here, and nobody else does.
import type { Store } from "../model/store.ts";
import { letOthersIn, offer, standBehind, threadData } from "../runtime/threads.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";

export interface StoreThreadData {
  readonly dataDir: string;
}

standBehind(5);
const { dataDir } = threadData<StoreThreadData>();
// Long removals let other calls in between their short transactions.
const store = await openSqliteStore(dataDir, { pause: letOthersIn });

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
        (args[1].bytes.buffer as ArrayBuffer).transfer(0);
      }
    };
  },
});
offer({ store: offered }, () => store.close());
