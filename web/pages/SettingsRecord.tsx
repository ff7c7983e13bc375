import { Button, Skeleton } from "@mantine/core";
import { ApiError } from "../api.ts";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { SafeText } from "../components/EventsText/SafeText.tsx";
import { AbsoluteTime } from "../components/RelativeTime/RelativeTime.tsx";
import { type AccessEntry, useSettingsRecord } from "../hooks/useSettings.ts";
import { Forbidden } from "./NotFound.tsx";
import styles from "./Settings.module.css";

/** Who did and read what, newest first. */
export function SettingsRecord() {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch, isRefetching } =
    useSettingsRecord();
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  const entries = data?.pages.flat() ?? [];
  return (
    <>
      <div className="spread">
        <p className="quiet">Reading the record is recorded, too, so it is read again only when you ask.</p>
        <Button className={styles.kept ?? ""} variant="default" loading={isRefetching} onClick={() => void refetch()}>
          Refresh
        </Button>
      </div>
      {error && <ErrorNotice error={error} what="The access record could not be loaded" retry={() => void refetch()} />}
      {isPending && <Skeleton height={360} radius={8} />}
      {data && (
        <div className={`card ${styles.table} ${styles.record}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Who</th>
                <th scope="col">Did</th>
                <th scope="col">What it concerned</th>
                <th scope="col">Details</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Line key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
          <div className={styles.more}>
            {hasNextPage ? (
              <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show earlier entries
              </Button>
            ) : (
              <span className="quiet">This is where the record begins.</span>
            )}
          </div>
        </div>
      )}
    </>
  );
}

function Line({ entry }: { readonly entry: AccessEntry }) {
  const { at, who, action, object, detail } = entry;
  return (
    <tr>
      <td className={styles.time}>
        <AbsoluteTime at={at} />
      </td>
      <td>
        <SafeText text={who} />
      </td>
      <td>
        <code>{action}</code>
      </td>
      <td className={styles.wide}>
        {object === undefined ? <span className="quiet">–</span> : <SafeText text={object} />}
      </td>
      <td className={styles.wide}>
        {Object.entries(detail ?? {}).map(([name, value]) => (
          <span key={name} className={styles.detail}>
            <span className="quiet">{name}</span> <SafeText text={valueText(value)} />
          </span>
        ))}
      </td>
    </tr>
  );
}

function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
  return JSON.stringify(value);
}
