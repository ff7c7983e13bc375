// The thread that writes: every commit waits for the disk here, and nobody else does.
import { letOthersIn, offer, threadData } from "../runtime/threads.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";

export interface StoreThreadData {
  readonly dataDir: string;
}

const { dataDir } = threadData<StoreThreadData>();
// Long removals let other calls in between their short transactions.
const store = await openSqliteStore(dataDir, { pause: letOthersIn });
offer({ store }, () => store.close());
