import { Button, SegmentedControl, Select, Skeleton } from "@mantine/core";
import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError } from "../api.ts";
import type { CollectorDetail } from "../api-types.ts";
import { CollectorErrors } from "../components/CollectorErrors/CollectorErrors.tsx";
import { CollectorHead } from "../components/CollectorHead/CollectorHead.tsx";
import { CollectorSettings } from "../components/CollectorSettings/CollectorSettings.tsx";
import { Coverage } from "../components/Coverage/Coverage.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { SourceTable } from "../components/SourceTable/SourceTable.tsx";
import { VolumeChart } from "../components/VolumeChart/VolumeChart.tsx";
import { useCollector } from "../hooks/useCollector.ts";
import { useConnector } from "../hooks/useConnectors.ts";
import { useMayOperate } from "../hooks/useSession.ts";
import { useVolume } from "../hooks/useVolume.ts";
import { type Range, ranges } from "../search.ts";
import styles from "./Collector.module.css";
import { Forbidden, NotFound } from "./NotFound.tsx";

/** One collector: the line that matters, its volume, its data sources, its errors, its settings. */
export function Collector() {
  const { id } = useParams({ from: "/collectors/$id" });
  const { data, error, refetch } = useCollector(id);
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === 404) return <NotFound />;
  if (status === 403) return <Forbidden />;
  return (
    <div className="page">
      {error && (
        <ErrorNotice
          error={error}
          what={`${data?.name ?? "The collector"} could not be read`}
          retry={() => void refetch()}
        />
      )}
      {data ? <Loaded collector={data} /> : !error && <Loading />}
      <Outlet />
    </div>
  );
}

function Loaded({ collector }: { readonly collector: CollectorDetail }) {
  const { connector } = useConnector(collector.connector);
  const editable = useMayOperate() && collector.managedBy === "console";
  const open = collector.errors.filter(({ acknowledged }) => !acknowledged).length;
  return (
    <>
      <CollectorHead collector={collector} />
      <Volume collector={collector} />
      <Section title="Data sources">
        <SourceTable collector={collector} />
      </Section>
      <Section title="Coverage">
        <Coverage collector={collector.id} />
      </Section>
      <Section title={open === 0 ? "Errors" : `Errors (${open} open)`}>
        <CollectorErrors collector={collector} />
      </Section>
      <Section title="Settings">
        <CollectorSettings collector={collector} connector={connector} editable={editable} />
      </Section>
    </>
  );
}

function Section({
  title,
  children,
  tools,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly tools?: ReactNode;
}) {
  return (
    <section className="card" aria-label={title}>
      <div className={styles.title}>
        <h2>{title}</h2>
        {tools}
      </div>
      {children}
    </section>
  );
}

const rangeChoices = ranges.map((value) => ({ value, label: value.replace("h", " h").replace("d", " d") }));

function Volume({ collector }: { readonly collector: CollectorDetail }) {
  const period = useSearch({ from: "/collectors/$id" });
  const navigate = useNavigate({ from: "/collectors/$id" });
  const { data, error, refetch } = useVolume(collector.id, period);
  const { from: _, to: __, ...unzoomed } = period;
  const zoomed = period.from !== undefined;
  const go = (search: object) => void navigate({ to: ".", search: search as typeof period, replace: true });
  const tools = (
    <div className={styles.tools}>
      {zoomed && (
        <Button size="xs" variant="default" onClick={() => go(unzoomed)}>
          Reset zoom
        </Button>
      )}
      <Select
        className={styles.source ?? ""}
        size="xs"
        aria-label="Data source"
        placeholder="All data sources"
        clearable
        data={collector.sources.map(({ name, title }) => ({ value: name, label: title }))}
        value={period.source ?? null}
        onChange={(source) => go({ ...period, source: source ?? undefined })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Time that is counted"
        data={[
          { value: "ingest", label: "By arrival" },
          { value: "event", label: "By event time" },
        ]}
        value={period.by ?? "ingest"}
        onChange={(by) => go({ ...period, by: by === "event" ? "event" : undefined })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Period"
        data={rangeChoices}
        value={zoomed ? "" : (period.range ?? "24h")}
        onChange={(range) => go({ ...unzoomed, range: range as Range })}
      />
    </div>
  );
  return (
    <Section title="Volume" tools={tools}>
      <div className={styles.chart}>
        {error && <ErrorNotice error={error} what="The volume could not be read" retry={() => void refetch()} />}
        {!data && !error && <Skeleton height={250} radius={6} />}
        {data && (
          <VolumeChart
            volume={data}
            onZoom={(from, to) => go({ ...period, from: new Date(from).toISOString(), to: new Date(to).toISOString() })}
          />
        )}
      </div>
    </Section>
  );
}

function Loading() {
  return (
    <div className="page" aria-busy="true" role="status" aria-label="Loading the collector">
      <div className={styles.skeletonHead}>
        <Skeleton height={60} width={42} radius={4} />
        <div className={styles.grow}>
          <Skeleton height={13} width={180} />
          <Skeleton height={22} width={280} mt={8} />
          <Skeleton height={14} width={380} mt={8} />
        </div>
      </div>
      {[300, 240, 120, 260].map((height) => (
        <Skeleton key={height} height={height} radius={8} />
      ))}
    </div>
  );
}
