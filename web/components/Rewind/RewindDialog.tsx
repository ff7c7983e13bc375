import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { RewindForecast } from "../../api-types.ts";
import { bytes, plural } from "../../format/numbers.ts";
import { duration } from "../../format/times.ts";
import { useRewind } from "../../hooks/useRewind.ts";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { KeyValue } from "../KeyValue/KeyValue.tsx";
import { AbsoluteTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./Rewind.module.css";

interface Props {
  readonly collectorId: string;
  readonly source: { readonly name: string; readonly title: string; readonly cursor?: string | undefined };
  readonly onClose: () => void;
}

/** Forecast, then confirm: nothing changes before the second button. */
export function RewindDialog({ collectorId, source, onClose }: Props) {
  const { forecast, rewind } = useRewind(collectorId, source.name);
  const [to, setTo] = useState((source.cursor ?? "").slice(0, 10));
  const [refetch, setRefetch] = useState(false);
  const found = forecast.data;
  const ask = (event: FormEvent) => {
    event.preventDefault();
    forecast.mutate(`${to}T00:00:00Z`);
  };
  const confirm = (token: string) => rewind.mutate({ token, refetch }, { onSuccess: onClose });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Rewind ${source.title}`}
      size={520}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={styles.body}>
        <p className={styles.quiet}>
          The list of upstream is read again from this day on, and what is missing is fetched. What is here stays; what
          was erased stays erased.
        </p>
        <form onSubmit={ask} className={styles.ask}>
          <TextInput
            type="date"
            label="Back to, midnight UTC"
            required
            value={to}
            onChange={(event) => {
              setTo(event.currentTarget.value);
              forecast.reset();
            }}
          />
          <Button type="submit" variant="default" loading={forecast.isPending}>
            Forecast
          </Button>
        </form>
        {forecast.isPending && (
          <p className={styles.quiet}>Upstream is listed; with much to list this takes a minute or two.</p>
        )}
        {forecast.error && <ErrorNotice error={forecast.error} what="No forecast could be made" />}
        {found && <Forecast forecast={found} />}
        {found && found.here.files > 0 && (
          <Checkbox
            label={`Fetch again what is here: ${amountOf(found.here)}${took(found.secondsToRefetch)}`}
            description="Events that are here are not doubled. For use after a fault; upstream's rate limit is shared with everything else."
            checked={refetch}
            onChange={(event) => setRefetch(event.currentTarget.checked)}
          />
        )}
        {rewind.error && <ErrorNotice error={rewind.error} what="The rewind did not work" />}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={found === undefined}
            loading={rewind.isPending}
            onClick={() => found && confirm(found.token)}
          >
            Rewind
          </Button>
        </div>
      </div>
    </Modal>
  );
}

const amountOf = ({ files, bytes: size }: RewindForecast["here"]) => `${plural(files, "file")}, ${bytes(size)}`;

const took = (seconds: number | undefined) => (seconds === undefined ? "" : `, about ${duration(seconds)}`);

function Forecast({ forecast }: { readonly forecast: RewindForecast }) {
  const { cursor, oldestListed, toFetch, waiting, here, gone, secondsToFetch } = forecast;
  return (
    <KeyValue
      rows={[
        ["Cursor now", <AbsoluteTime key="cursor" at={cursor} />],
        [
          "Upstream lists from",
          oldestListed === undefined ? "nothing any more" : <AbsoluteTime key="oldest" at={oldestListed} />,
        ],
        ["Will be fetched", `${amountOf(toFetch)}${took(toFetch.files > 0 ? secondsToFetch : undefined)}`],
        ["Wait already", amountOf(waiting)],
        ["Here already", amountOf(here)],
        ["No longer upstream", amountOf(gone)],
      ]}
    />
  );
}
