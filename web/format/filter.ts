import type { CollectorRow, DraftRow, Health } from "../api-types.ts";

export interface OverviewFilter {
  readonly q?: string;
  readonly vendor?: string;
  readonly status?: Health | "draft";
}

/** The collectors that all filters let through; words are looked for in name, connector, vendor, site and reason. */
export function filterCollectors(rows: readonly CollectorRow[], filter: OverviewFilter): readonly CollectorRow[] {
  if (filter.status === "draft") return [];
  return rows.filter(
    (row) =>
      (filter.vendor === undefined || row.vendor === filter.vendor) &&
      (filter.status === undefined || row.health === filter.status) &&
      holds([row.name, row.connectorTitle, row.vendor, row.site?.name ?? "", row.reason], filter.q),
  );
}

/** The drafts that all filters let through; a draft has no vendor of its own, so the connector's is given. */
export function filterDrafts(
  rows: readonly DraftRow[],
  filter: OverviewFilter,
  vendorOf: (connector: string) => string | undefined,
): readonly DraftRow[] {
  if (filter.status !== undefined && filter.status !== "draft") return [];
  return rows.filter(
    (row) =>
      (filter.vendor === undefined || vendorOf(row.connector) === filter.vendor) &&
      holds([row.name ?? "", row.connectorTitle], filter.q),
  );
}

/** Whether every word of the query occurs in one of the texts, whatever its case. */
export function holds(texts: readonly string[], query: string | undefined): boolean {
  const words = (query ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const text = texts.join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}
