// The thread that reads and searches for people, so that no query holds up the API or a commit.
import { systemMonotonicMs } from "../runtime/clock.ts";
import { offer, threadData } from "../runtime/threads.ts";
import { openSearchIndex } from "../search/search-index.ts";
import { openSqliteReader } from "../store/sqlite/reader.ts";

export interface ReaderThreadData {
  readonly dataDir: string;
}

const { dataDir } = threadData<ReaderThreadData>();
const reader = openSqliteReader(dataDir);
const search = openSearchIndex(dataDir, systemMonotonicMs);
offer({ reader, search, deliveries: reader.deliveries }, async () => {
  await reader.close();
  await search.close();
});
