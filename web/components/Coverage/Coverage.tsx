import { SegmentedControl, Select, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { Coverage as Data } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { type CoverageDays, coverageDays, useCoverage, useMayReport } from "../../hooks/useCoverage.ts";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { Calendar, spanWords } from "./Calendar.tsx";
import styles from "./Coverage.module.css";
import { CoverageFiles } from "./CoverageFiles.tsx";
import { CoverageReports } from "./CoverageReports.tsx";
import { type Cell, endOf, minutesWords, stateOrder, stateSigns } from "./cells.ts";

const periods = coverageDays.map((days) => ({ value: String(days), label: days === 365 ? "1 y" : `${days} d` }));

/** What is known of each hour or day of a data source, down to its files; and the reports that say so with a signature. */
export function Coverage({ collector }: { readonly collector: string }) {
  const [days, setDays] = useState<CoverageDays>(7);
  const [wanted, setWanted] = useState<string>();
  const { data, error, refetch } = useCoverage(collector, days);
  const mayReport = useMayReport();
  const source = data && (data.sources.find(({ dataSource }) => dataSource === wanted) ?? worstOf(data.sources));
  return (
    <div className={styles.body}>
      <div className={styles.tools}>
        <Select
          size="xs"
          className={styles.source ?? ""}
          aria-label="Data source of the calendar"
          allowDeselect={false}
          data={data?.sources.map(({ dataSource, title }) => ({ value: dataSource, label: title })) ?? []}
          value={source?.dataSource ?? null}
          onChange={(name) => setWanted(name ?? undefined)}
        />
        <SegmentedControl
          size="xs"
          aria-label="Period of the calendar"
          data={periods}
          value={String(days)}
          onChange={(value) => setDays(Number(value) as CoverageDays)}
        />
      </div>
      {error && <ErrorNotice error={error} what="The coverage could not be read" retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={240} radius={6} />}
      {data && source === undefined && <p className={styles.quiet}>This collector has no data source.</p>}
      {data && source && (
        <SourceCoverage key={source.dataSource} collector={collector} source={source} stepMinutes={data.stepMinutes} />
      )}
      {data && mayReport && (
        <CoverageReports collector={collector} from={data.from.slice(0, 10)} to={data.to.slice(0, 10)} />
      )}
    </div>
  );
}

type Source = Data["sources"][number];

/** The one that wants to be looked at: it has minutes of the worst state. */
function worstOf(sources: readonly Source[]): Source | undefined {
  const rank = ({ minutes }: Source) => stateOrder.findIndex((state) => minutes[state] > 0);
  return sources.toSorted((a, b) => rank(a) - rank(b))[0];
}

interface SourceProps {
  readonly collector: string;
  readonly source: Source;
  readonly stepMinutes: number;
}

function SourceCoverage({ collector, source, stepMinutes }: SourceProps) {
  const [chosen, setChosen] = useState<Cell>();
  const shown = chosen && (source.cells.find(({ at }) => at === chosen.at) ?? undefined);
  return (
    <>
      <Calendar
        title={source.title}
        source={source}
        stepMinutes={stepMinutes}
        chosen={shown?.at}
        onChoose={setChosen}
      />
      <Legend source={source} stepMinutes={stepMinutes} />
      {shown && (
        <CoverageFiles
          collector={collector}
          choice={{ source: source.dataSource, from: shown.at, to: endOf(shown, stepMinutes) }}
          title={`${source.title}, ${spanWords(shown, stepMinutes)}`}
          words={minutesWords(shown.minutes)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

/** Every state with its sign and how much of it there is. */
function Legend({ source, stepMinutes }: Pick<SourceProps, "source" | "stepMinutes">) {
  return (
    <>
      <ul className={styles.legend} aria-label={`What the signs mean, and how much of ${source.title} is so`}>
        {stateOrder.toReversed().map((state) => (
          <li key={state} data-none={source.minutes[state] === 0 || undefined}>
            <span className={styles.cell} data-state={state} aria-hidden="true">
              <span>{stateSigns[state].mark}</span>
            </span>
            <span>
              {stateSigns[state].words}
              <span className={styles.quiet}> {plural(source.minutes[state], "minute")}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className={styles.quiet}>
        {stepMinutes > 60 ? "A day" : "An hour"} has the worst state of its minutes. Times are in UTC.
      </p>
    </>
  );
}
