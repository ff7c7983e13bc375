import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";

export function Events() {
  return (
    <div className="page">
      <PageHeader title="Events" />
      <EmptyState title="Nothing here yet">This page is being written.</EmptyState>
    </div>
  );
}
