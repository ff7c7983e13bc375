import { Skeleton } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ApiError } from "../api.ts";
import type { Destination as Shown } from "../api-types.ts";
import tabs from "../components/CollectorsTabs/CollectorsTabs.module.css";
import { DeadLetters } from "../components/DeadLetters/DeadLetters.tsx";
import { DestinationHead } from "../components/DestinationHead/DestinationHead.tsx";
import { DestinationOverview } from "../components/DestinationOverview/DestinationOverview.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Receipts } from "../components/Receipts/Receipts.tsx";
import { Replays } from "../components/Replays/Replays.tsx";
import { count } from "../format/numbers.ts";
import { useDestination, useDestinationKind } from "../hooks/useDestinations.ts";
import { type DestinationTab, destinationTabs } from "../search.ts";
import { Forbidden, NotFound } from "./NotFound.tsx";

/** One destination: where it stands, what became of every event, what it refuses, what it takes again. */
export function Destination() {
  const { id } = useParams({ from: "/destinations/$id" });
  const { data, error, refetch } = useDestination(id);
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === 404) return <NotFound />;
  if (status === 403) return <Forbidden />;
  return (
    <div className="page">
      {error && (
        <ErrorNotice
          error={error}
          what={`${data?.name ?? "The destination"} could not be read`}
          retry={() => void refetch()}
        />
      )}
      {data ? <Loaded destination={data} /> : !error && <Loading />}
    </div>
  );
}

const labels: Readonly<Record<DestinationTab, string>> = {
  overview: "Overview",
  receipts: "Receipts",
  "dead-letters": "Dead letters",
  replays: "Replays",
};

function Loaded({ destination }: { readonly destination: Shown }) {
  const search = useSearch({ from: "/destinations/$id" });
  const navigate = useNavigate({ from: "/destinations/$id" });
  const { kind } = useDestinationKind(destination.kind);
  const { tab = "overview", hours = 24, state = "dead" } = search;
  const go = (part: Partial<typeof search>) => void navigate({ search: { ...search, ...part }, replace: true });
  return (
    <>
      <DestinationHead destination={destination} kindTitle={kind?.title ?? destination.kind} />
      <nav className={tabs.tabs} aria-label="Parts of the destination">
        {destinationTabs.map((name) => (
          <Link
            key={name}
            to="/destinations/$id"
            params={{ id: destination.id }}
            search={name === "overview" ? {} : { tab: name }}
            data-active={name === tab || undefined}
            aria-current={name === tab ? "page" : undefined}
            activeProps={{}}
          >
            {labels[name]}
            {name === "dead-letters" && destination.status.deadLetters > 0
              ? ` (${count(destination.status.deadLetters)})`
              : ""}
          </Link>
        ))}
      </nav>
      {tab === "overview" && <DestinationOverview destination={destination} kind={kind} />}
      {tab === "receipts" && (
        <Receipts destination={destination} hours={hours} onHours={(next) => go({ hours: next })} />
      )}
      {tab === "dead-letters" && (
        <DeadLetters destination={destination} state={state} onState={(next) => go({ state: next })} />
      )}
      {tab === "replays" && <Replays destination={destination} kind={kind} />}
    </>
  );
}

function Loading() {
  return (
    <div className="page" aria-busy="true" role="status" aria-label="Loading the destination">
      {[64, 36, 78, 240, 260].map((height) => (
        <Skeleton key={height} height={height} radius={8} />
      ))}
    </div>
  );
}
