import { Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { bytes, plural } from "../format/numbers.ts";
import type { SystemReport } from "../hooks/useSettings.ts";
import styles from "./Settings.module.css";

const SOON_DAYS = 14;
const YEAR_DAYS = 365;

/** How full the disk is, with what, how fast it fills, and for how long it lasts. */
export function DiskMeter({ disk }: { readonly disk: SystemReport["disk"] }) {
  const { databaseBytes, walBytes, searchBytes, freeBytes, totalBytes, growthBytesPerDay, daysLeft } = disk;
  const others = Math.max(0, totalBytes - freeBytes - databaseBytes - walBytes - searchBytes);
  const parts = [
    { name: "Events", part: "events", size: databaseBytes + walBytes },
    { name: "Search index", part: "search", size: searchBytes },
    { name: "Everything else", part: "others", size: others },
    { name: "Free", part: "free", size: freeBytes },
  ];
  return (
    <section className={`card ${styles.card}`}>
      <h2>Disk</h2>
      <svg
        className={styles.meter}
        viewBox="0 0 1000 12"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${bytes(freeBytes)} of ${bytes(totalBytes)} are free`}
      >
        <rect className={styles.free} width="1000" height="12" />
        {bars(parts.slice(0, 3), totalBytes).map(({ part, x, width }) => (
          <rect key={part} data-part={part} x={x} width={width} height="12" />
        ))}
      </svg>
      <ul className={styles.legend}>
        {parts.map(({ name, part, size }) => (
          <li key={part}>
            <span className={styles.swatch} data-part={part} />
            {name} <strong>{bytes(size)}</strong>
          </li>
        ))}
      </ul>
      {disk.paused && (
        <Notice tone="bad" title="Collection is paused: the disk is almost full">
          Free some space, or give a collector a retention. Collection resumes by itself.
        </Notice>
      )}
      <p className={daysLeft !== undefined && daysLeft < SOON_DAYS ? styles.soon : undefined}>
        {growth(growthBytesPerDay, daysLeft)}
      </p>
    </section>
  );
}

function bars(parts: readonly { readonly part: string; readonly size: number }[], total: number) {
  let x = 0;
  return parts.map(({ part, size }) => {
    // What is there at all can be seen.
    const width = size === 0 ? 0 : Math.max(4, (size / Math.max(1, total)) * 1_000);
    const bar = { part, x, width };
    x += width;
    return bar;
  });
}

function growth(bytesPerDay: number | undefined, daysLeft: number | undefined): string {
  if (bytesPerDay === undefined) return "How fast it fills is known once events have been stored.";
  if (bytesPerDay === 0) return "Nothing was added in the last day.";
  const left = daysLeft === undefined ? "" : ` At this pace the free space lasts for ${lasting(daysLeft)}.`;
  return `It grew by ${bytes(bytesPerDay)} in the last day.${left}`;
}

function lasting(days: number): string {
  if (days > 10 * YEAR_DAYS) return "more than ten years";
  return days > 2 * YEAR_DAYS ? `about ${Math.round(days / YEAR_DAYS)} years` : plural(days, "day");
}
