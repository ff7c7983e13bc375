import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";

export function Docs() {
  return (
    <div className="page">
      <PageHeader title="Docs" />
      <EmptyState title="Nothing here yet">This page is being written.</EmptyState>
    </div>
  );
}
