import type { Collector, CollectorPlan, SecretInfo, Site } from "./collector.ts";

/** What may be changed of an installed collector. `undefined` clears an optional value; an absent key leaves it. */
export type CollectorChange = Partial<Omit<Collector, "id" | "connector" | "managedBy" | "createdAt" | "updatedAt">>;

export type NewCollector = Omit<Collector, "id" | "createdAt" | "updatedAt">;

/** Something half filled in: the New Collector form with its prerequisites wizard. Secrets are kept apart, encrypted. */
export interface Draft {
  readonly id: string;
  readonly connector: string;
  /** Form and wizard values by name; no secret. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: readonly SecretInfo[];
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/**
 * Collectors, sites, drafts and their secrets in control.db; synchronous, for its transactions are short. Secrets go in and
 * never come out but in a plan. Refusals are CollectorError `rejected` with reason `not_found`, `name_taken`, `in_use`
 * or `managed_by_file`.
 */
export interface Control {
  sites(): readonly Site[];
  createSite(name: string): Site;
  renameSite(id: string, name: string): Site;
  /** Refused with `in_use` while a collector carries it. */
  deleteSite(id: string): void;

  collectors(): readonly Collector[];
  collector(id: string): Collector | undefined;
  createCollector(collector: NewCollector, secrets: Readonly<Record<string, string>>): Collector;
  updateCollector(id: string, change: CollectorChange): Collector;
  deleteCollector(id: string): void;
  secrets(collectorId: string): readonly SecretInfo[];
  setSecret(collectorId: string, name: string, value: string): SecretInfo;
  clearSecret(collectorId: string, name: string): void;

  /** Everything the engine needs, secrets in place; `parse` is the connector's schema. */
  plans(parse: (connector: string, settings: unknown) => unknown): readonly CollectorPlan[];
  /** The settings of one collector or draft with secrets in place, not parsed; for the connection test. */
  settingsWithSecrets(owner: { readonly collectorId: string } | { readonly draftId: string }): Record<string, unknown>;

  drafts(): readonly Draft[];
  draft(id: string): Draft | undefined;
  saveDraft(
    draft: {
      readonly id?: string;
      readonly connector: string;
      readonly values: Readonly<Record<string, unknown>>;
      readonly secrets?: Readonly<Record<string, string>>;
    },
    by: string,
  ): Draft;
  deleteDraft(id: string): void;

  setting(name: string): string | undefined;
  setSetting(name: string, value: string): void;
  close(): void;
}
