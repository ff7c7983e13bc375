import { Button, Skeleton } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { Destination } from "../api-types.ts";
import { DestinationEditor } from "../components/DestinationEditor/DestinationEditor.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { useDestinationKind } from "../hooks/useDestinations.ts";
import styles from "./Destinations.module.css";

/** Adds a destination of the chosen kind. */
export function NewDestination() {
  const { kind: name } = useParams({ from: "/destinations/new/$kind" });
  const { kind, missing, error, refetch } = useDestinationKind(name);
  const navigate = useNavigate();
  const toast = useToast();
  const onSaved = ({ id, name: saved }: Destination) => {
    toast({ tone: "good", title: `Added ${saved}`, text: "Delivery begins at once." });
    void navigate({ to: "/destinations/$id", params: { id } });
  };
  return (
    <div className="page">
      <PageHeader
        title={kind ? `New destination: ${kind.title}` : "New destination"}
        above={
          <p className={styles.path}>
            <Link to="/destinations">Destinations</Link> <span aria-hidden="true">/</span>{" "}
            <Link to="/destinations/new">New destination</Link>
          </p>
        }
        line={
          kind && (
            <>
              {kind.description}{" "}
              <Link to="/docs/$" params={{ _splat: `destinations/${kind.name}` }}>
                Its page in the docs
              </Link>
            </>
          )
        }
      />
      {error && <ErrorNotice error={error} what="The kind could not be loaded" retry={() => void refetch()} />}
      {missing && (
        <EmptyState
          title="There is no such kind of destination"
          action={<Button renderRoot={(props) => <Link to="/destinations/new" {...props} />}>See all kinds</Button>}
        >
          The address may be mistyped, or this version does not have it.
        </EmptyState>
      )}
      {!kind && !missing && !error && <Skeleton height={420} radius={8} />}
      {kind && (
        <DestinationEditor
          key={kind.name}
          kind={kind}
          onSaved={onSaved}
          onCancel={() => void navigate({ to: "/destinations/new" })}
        />
      )}
    </div>
  );
}
