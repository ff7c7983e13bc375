import type { Backlog } from "../../api-types.ts";
import { bytes, count, percent, plural } from "../../format/numbers.ts";
import { duration } from "../../format/times.ts";

/** How far a backlog is: `1,234 of 43,200 files, 2 %`. */
export const progressWords = ({ filesDone, filesListed }: Backlog) =>
  `${count(filesDone)} of ${plural(filesListed, "file")}, ${percent(filesDone / filesListed)}`;

/** How fast it gets on, over the last minutes; empty where that is not known. */
export function paceWords({ filesPerMinute, eventsPerSecond }: Backlog): string {
  if (filesPerMinute === undefined || eventsPerSecond === undefined) return "";
  return `${count(filesPerMinute)} files a minute, ${count(eventsPerSecond)} events a second`;
}

/** What is left, and until when: `1.2 GB left, about 14 h`. */
export function restWords({ bytesLeft, secondsLeft }: Backlog): string {
  const until = secondsLeft === undefined ? "end not known yet" : `about ${duration(secondsLeft)}`;
  return `${bytes(bytesLeft)} left, ${until}`;
}
