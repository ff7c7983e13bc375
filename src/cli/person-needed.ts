import type { CollectorPlan } from "../model/collector.ts";
import type { DataSourceState } from "../model/store.ts";

/** Something that a collector cannot put right by itself. */
export interface PersonNeeded {
  readonly collector: string;
  readonly data_source: string;
  readonly reason: string;
  readonly action?: string | undefined;
}

/** What needs a person and has not been acknowledged by one. A paused data source needs nobody. */
export function needsOf(plans: readonly CollectorPlan[], states: readonly DataSourceState[]): readonly PersonNeeded[] {
  return plans.flatMap((plan) =>
    plan.collector.dataSources
      .filter((name) => !plan.collector.paused && !plan.collector.pausedDataSources.includes(name))
      .flatMap((name) => {
        const own = ({ key }: DataSourceState) => key.collectorId === plan.collector.id && key.dataSource === name;
        const found = plan.settingsError
          ? [{ reason: plan.settingsError.message, action: plan.settingsError.action }]
          : reasonsOf(states.find(own));
        return found.map((need) => ({ collector: plan.collector.name, data_source: name, ...need }));
      }),
  );
}

type Need = Pick<PersonNeeded, "reason" | "action">;

function unfetched(files: number): Need {
  const action = "cistern status --json names them with their errors; the next run goes on with them";
  return { reason: `${files === 1 ? "1 file" : `${files} files`} could not be fetched yet`, action };
}

function reasonsOf(state: DataSourceState | undefined): readonly Need[] {
  if (!state) return [{ reason: "It has not run yet" }];
  const { counts, error, scans } = state;
  const needs: Need[] = [];
  if (error) needs.push({ reason: error.message, action: error.action });
  else if (counts.filesPending > 0) needs.push(unfetched(counts.filesPending));
  else if (Object.keys(scans).length === 0) needs.push({ reason: "No scan has ended whole yet" });
  if (counts.unacknowledgedGaps > 0) {
    const action = "See cistern gaps, then acknowledge with cistern ack";
    const gaps = counts.unacknowledgedGaps === 1 ? "1 gap" : `${counts.unacknowledgedGaps} gaps`;
    needs.push({ reason: `${gaps} that upstream can no longer fill`, action });
  }
  if (counts.unacknowledgedQuarantined > 0) {
    const action = "See cistern ack; retry the file in the console, or acknowledge it";
    const things = counts.unacknowledgedQuarantined === 1 ? "line or file" : "lines or files";
    needs.push({ reason: `${counts.unacknowledgedQuarantined} ${things} set aside`, action });
  }
  return needs;
}
