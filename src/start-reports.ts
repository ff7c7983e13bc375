import { connectors } from "./connectors/index.ts";
import { takeSigningKey } from "./control/signing-key.ts";
import type { Collector } from "./model/collector.ts";
import type { CompletenessReports } from "./model/report.ts";
import type { Store, StoreReader } from "./model/store.ts";
import { createReports } from "./report/issue.ts";
import { systemNow, systemRandomBytes } from "./runtime/clock.ts";
import { version } from "./version.ts";

/** Completeness reports of a data folder, signed with its key. */
export const startReports = (
  dataDir: string,
  control: { collector(id: string): Collector | undefined },
  { reader, store }: { readonly reader: StoreReader; readonly store: Store },
): CompletenessReports =>
  createReports({
    reader,
    store,
    collector: (id) => control.collector(id),
    connectors,
    signingKey: () => takeSigningKey(dataDir, systemRandomBytes),
    now: systemNow,
    randomBytes: systemRandomBytes,
    version,
  });
