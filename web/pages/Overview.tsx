import { Button, Select, TextInput } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { CollectorRow } from "../api-types.ts";
import { CollectorsTabs } from "../components/CollectorsTabs/CollectorsTabs.tsx";
import { CollectorTable } from "../components/CollectorTable/CollectorTable.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { states } from "../components/StateBadge/states.ts";
import type { OverviewFilter } from "../format/filter.ts";
import { plural } from "../format/numbers.ts";
import { useCollectorActions } from "../hooks/useCollectors.ts";
import { useOverview } from "../hooks/useOverview.ts";
import { useMayOperate } from "../hooks/useSession.ts";
import styles from "./Overview.module.css";

const stateChoices = Object.entries(states).map(([value, { word }]) => ({ value, label: word }));

/** The installed collectors: what runs, what does not, and why. */
export function Overview() {
  const filter = useSearch({ from: "/collectors" });
  const { query, collectors, drafts, vendors, total, summary } = useOverview(filter);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(() => collectors.filter(({ id }) => selected.has(id)), [collectors, selected]);
  const newCollector = <NewCollectorButton />;
  const empty = query.data !== undefined && total === 0;
  return (
    <div className="page">
      <PageHeader title="Collectors" line={summary} actions={newCollector} />
      <CollectorsTabs />
      {query.error && (
        <ErrorNotice error={query.error} what="The collectors could not be loaded" retry={() => void query.refetch()} />
      )}
      {empty && (
        <div className="card">
          <EmptyState title="Nothing is collected yet" action={newCollector}>
            Your collectors will stand here, each with its state, the volume of the last day and up to when it is
            complete. Begin with a connector from the catalogue.
          </EmptyState>
        </div>
      )}
      {!empty && (query.data || query.isPending) && (
        <>
          <Filters filter={filter} vendors={vendors} chosen={chosen} onDone={() => setSelected(new Set())} />
          <div className="card">
            <CollectorTable
              collectors={collectors}
              drafts={drafts}
              loading={query.isPending}
              selected={selected}
              onSelect={setSelected}
            />
            {query.data && collectors.length + drafts.length === 0 && <NothingFound />}
          </div>
        </>
      )}
    </div>
  );
}

function NewCollectorButton() {
  const mayOperate = useMayOperate();
  if (!mayOperate) return null;
  return (
    <Button leftSection={<Icon name="plus" />} renderRoot={(props) => <Link to="/collectors/new" {...props} />}>
      New collector
    </Button>
  );
}

interface FiltersProps {
  readonly filter: OverviewFilter;
  readonly vendors: readonly string[];
  readonly chosen: readonly CollectorRow[];
  readonly onDone: () => void;
}

function Filters({ filter, vendors, chosen, onDone }: FiltersProps) {
  const navigate = useNavigate({ from: "/collectors" });
  const change = (part: Partial<Record<keyof OverviewFilter, string | undefined>>) =>
    void navigate({ search: { ...filter, ...part } as OverviewFilter, replace: true });
  return (
    <div className={styles.filters}>
      <TextInput
        className={styles.search ?? ""}
        data-page-search
        type="search"
        aria-label="Search collectors"
        placeholder="Search name, site or reason"
        leftSection={<Icon name="search" size={15} />}
        value={filter.q ?? ""}
        onChange={(event) => change({ q: event.currentTarget.value || undefined })}
      />
      <Select
        className={styles.select ?? ""}
        aria-label="Vendor"
        placeholder="All vendors"
        data={[...vendors]}
        clearable
        value={filter.vendor ?? null}
        onChange={(vendor) => change({ vendor: vendor ?? undefined })}
      />
      <Select
        className={styles.select ?? ""}
        aria-label="Status"
        placeholder="All status"
        data={stateChoices}
        clearable
        value={filter.status ?? null}
        onChange={(status) => change({ status: status ?? undefined })}
      />
      <div className={styles.spring} />
      {chosen.length > 0 && <Bulk chosen={chosen} onDone={onDone} />}
    </div>
  );
}

function Bulk({ chosen, onDone }: { readonly chosen: readonly CollectorRow[]; readonly onDone: () => void }) {
  const { act } = useCollectorActions();
  const mayOperate = useMayOperate();
  const changeable = chosen.filter(({ managedBy }) => managedBy === "console");
  const running = changeable.filter(({ paused }) => !paused);
  const stopped = changeable.filter(({ paused }) => paused);
  const run = (targets: readonly CollectorRow[], action: "pause" | "resume") =>
    act.mutate({ targets, action }, { onSuccess: onDone });
  return (
    <div className={styles.bulk}>
      <span className="quiet">{plural(chosen.length, "collector")} selected</span>
      <Button
        size="xs"
        variant="default"
        disabled={!mayOperate || stopped.length === 0}
        onClick={() => run(stopped, "resume")}
      >
        Start
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!mayOperate || running.length === 0}
        onClick={() => run(running, "pause")}
      >
        Stop
      </Button>
      <Button size="xs" variant="subtle" onClick={onDone}>
        Clear
      </Button>
    </div>
  );
}

function NothingFound() {
  return (
    <EmptyState
      title="No collector matches"
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/collectors" search={{}} {...props} />}>
          Clear the filters
        </Button>
      }
    >
      Collectors are installed, but none fits the search and the filters above.
    </EmptyState>
  );
}
