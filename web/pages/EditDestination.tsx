import { Skeleton } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ApiError } from "../api.ts";
import { DestinationEditor } from "../components/DestinationEditor/DestinationEditor.tsx";
import { ManagedByFile } from "../components/DestinationHead/ManagedByFile.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { useDestination, useDestinationKind } from "../hooks/useDestinations.ts";
import styles from "./Destinations.module.css";
import { Forbidden, NotFound } from "./NotFound.tsx";

/** Changes a destination: the same form, filled in. */
export function EditDestination() {
  const { id } = useParams({ from: "/destinations/$id/edit" });
  const { data, error, refetch } = useDestination(id);
  const { kind, error: kindError } = useDestinationKind(data?.kind ?? "");
  const navigate = useNavigate();
  const toast = useToast();
  const problem = error ?? kindError;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  const back = () => void navigate({ to: "/destinations/$id", params: { id } });
  return (
    <div className="page">
      <PageHeader
        title={data ? `Edit ${data.name}` : "Edit destination"}
        above={
          <p className={styles.path}>
            <Link to="/destinations">Destinations</Link> <span aria-hidden="true">/</span>{" "}
            <Link to="/destinations/$id" params={{ id }}>
              {data?.name ?? "Destination"}
            </Link>
          </p>
        }
        line="What is under way is ended first; positions, dead letters and receipts stay"
      />
      {problem && (
        <ErrorNotice error={problem} what="The destination could not be loaded" retry={() => void refetch()} />
      )}
      {!problem && !(data && kind) && <Skeleton height={420} radius={8} />}
      {data?.managedBy === "file" && <ManagedByFile />}
      {data?.managedBy === "console" && kind && (
        <DestinationEditor
          kind={kind}
          destination={data}
          onSaved={({ name }) => {
            toast({ tone: "good", title: `Saved ${name}` });
            back();
          }}
          onCancel={back}
        />
      )}
    </div>
  );
}
