import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ApiError } from "../api.ts";
import type { Destination } from "../api-types.ts";
import { DestinationTable } from "../components/DestinationTable/DestinationTable.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { isTroubled } from "../components/PhaseBadge/phases.ts";
import { count, plural } from "../format/numbers.ts";
import { useDestinationKinds, useDestinations } from "../hooks/useDestinations.ts";
import { useSettingsPermission } from "../hooks/useSettings.ts";
import { Forbidden } from "./NotFound.tsx";

/** Where events are delivered to, and where each delivery stands. */
export function Destinations() {
  const { data, error, isPending, refetch } = useDestinations();
  const kinds = useDestinationKinds().data ?? [];
  const button = <NewDestinationButton />;
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  return (
    <div className="page">
      <PageHeader title="Destinations" line={summaryOf(data)} actions={button} />
      {error && <ErrorNotice error={error} what="The destinations could not be loaded" retry={() => void refetch()} />}
      {data?.length === 0 && (
        <div className="card">
          <EmptyState title="Nothing is delivered yet" action={button}>
            A destination is where collected events go: a SIEM, a data lake, a queue, a database, files, or an address
            of yours. Each gets every event that it is to have, at its own pace, in its own format; while one is away,
            its events wait here. They will stand here with what is pending and what they refuse.
          </EmptyState>
        </div>
      )}
      {(isPending || (data && data.length > 0)) && (
        <div className="card">
          <DestinationTable destinations={data ?? []} kinds={kinds} loading={isPending} />
        </div>
      )}
    </div>
  );
}

function NewDestinationButton() {
  const mayWrite = useSettingsPermission("destinations.write") === true;
  if (!mayWrite) return null;
  return (
    <Button leftSection={<Icon name="plus" />} renderRoot={(props) => <Link to="/destinations/new" {...props} />}>
      New destination
    </Button>
  );
}

function summaryOf(destinations: readonly Destination[] | undefined): string {
  if (destinations === undefined) return "";
  if (destinations.length === 0) return "Where collected events are delivered to";
  const pending = destinations.reduce((sum, { status }) => sum + status.pending, 0);
  const troubled = destinations.filter(isTroubled).length;
  const need = troubled === 0 ? "" : `, ${count(troubled)} ${troubled === 1 ? "needs" : "need"} attention`;
  return `${plural(destinations.length, "destination")}${need} · ${plural(pending, "event")} pending`;
}
