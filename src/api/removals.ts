// Removing the events of a deleted collector can take long. What is under way stands in control.db, so that a restart goes on with it.
import type { ApiDeps } from "./deps.ts";

const setting = "removals";

type RemovalDeps = Pick<ApiDeps, "control" | "store" | "log">;

/** Notes that the events are to be removed; the function returned begins with it and does not wait for the end. */
export function beginRemoval(deps: RemovalDeps, collectorId: string): () => void {
  writeRemovals(deps, [...removals(deps), collectorId]);
  return () => void remove(deps, collectorId);
}

/** Goes on with the removals that an earlier process did not end; to be called once at start. */
export async function resumeRemovals(deps: RemovalDeps): Promise<void> {
  for (const collectorId of removals(deps)) await remove(deps, collectorId);
}

async function remove(deps: RemovalDeps, collectorId: string) {
  try {
    await deps.store.removeCollector(collectorId);
    writeRemovals(
      deps,
      removals(deps).filter((id) => id !== collectorId),
    );
    deps.log.info({ collector: collectorId }, "The events of a deleted collector are removed");
  } catch (error) {
    const { message } = error as Error;
    deps.log.error({ collector: collectorId, error: message }, "Events could not be removed; the next start goes on");
  }
}

const removals = ({ control }: RemovalDeps): readonly string[] => JSON.parse(control.setting(setting) ?? "[]");

function writeRemovals({ control }: RemovalDeps, ids: readonly string[]) {
  control.setSetting(setting, JSON.stringify([...new Set(ids)]));
}
