// The thread that follows the log and keeps the search index.
import { systemSleep } from "../runtime/clock.ts";
import { createLog, type LogLevel } from "../runtime/log.ts";
import { offer, standBehind, threadData } from "../runtime/threads.ts";
import { openSearchFollower } from "../search/follower.ts";
import { openSqliteReader } from "../store/sqlite/reader.ts";

export interface IndexThreadData {
  readonly dataDir: string;
  readonly log: { readonly level: LogLevel; readonly pretty: boolean };
}

standBehind(10);
const data = threadData<IndexThreadData>();
const log = createLog(data.log.level, data.log).child({ thread: "index" });
const reader = openSqliteReader(data.dataDir);
const follower = openSearchFollower(data.dataDir, reader, {
  onError: (error) => log.warn({ code: error.code, reason: error.reason }, error.message),
});
const stop = new AbortController();
const following = follower.run(stop.signal, systemSleep);
offer({ follower }, async () => {
  stop.abort();
  await following;
  await follower.close();
  await reader.close();
});
