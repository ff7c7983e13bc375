import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ApiError } from "../api.ts";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { useTitle } from "../components/PageHeader/PageHeader.tsx";

/** 404: there is no such page. */
export function NotFound() {
  return <Absent title="There is no such page" text="The address may be mistyped, or what stood here was deleted." />;
}

/** 403: this account may not see it. */
export function Forbidden() {
  return (
    <Absent
      title="This page needs another role"
      text="Your account may not see it. An administrator can give you a role that may."
    />
  );
}

function Absent({ title, text }: { readonly title: string; readonly text: string }) {
  useTitle(title);
  return (
    <EmptyState
      title={title}
      action={<Button renderRoot={(props) => <Link to="/collectors" {...props} />}>Go to the collectors</Button>}
    >
      {text}
    </EmptyState>
  );
}

/** A page whose data was refused, or whose code could not be loaded or failed. */
export function PageFailed({ error: thrown, reset }: { readonly error: unknown; readonly reset?: () => void }) {
  useTitle("Error");
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const stale = /dynamically imported module|Importing a module/.test(error.message);
  const retry = stale || reset === undefined ? () => location.reload() : reset;
  return (
    <div className="page">
      <ErrorNotice
        error={stale ? new Error("The console was renewed on the server; load it again") : error}
        what="This page could not be shown"
        retry={retry}
      />
    </div>
  );
}
