// The thread that writes: every commit waits for the disk here, and nobody else does.
import { offer, threadData } from "../runtime/threads.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";

export interface StoreThreadData {
  readonly dataDir: string;
}

const { dataDir } = threadData<StoreThreadData>();
const store = await openSqliteStore(dataDir);
offer({ store }, () => store.close());
