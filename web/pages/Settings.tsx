import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";

export function Settings() {
  return (
    <div className="page">
      <PageHeader title="Settings" />
      <EmptyState title="Nothing here yet">This page is being written.</EmptyState>
    </div>
  );
}
