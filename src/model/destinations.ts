// Destinations as people set them up.
import type { SecretInfo } from "./collector.ts";
import type { DestinationPlan } from "./delivery-plan.ts";
import type { FormatName } from "./outgoing.ts";
import type { EventFilter, Masking } from "./shaping.ts";

/** One installed destination. Secrets are not in here; see `SecretInfo`. */
export interface InstalledDestination {
  /** Generated, `dest_…`; stays when it is renamed. */
  readonly id: string;
  readonly name: string;
  /** The name of its kind, such as `splunk-hec`. */
  readonly kind: string;
  /** The settings without the secret ones. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly format: FormatName;
  readonly filter: EventFilter | undefined;
  readonly masking: Masking | undefined;
  /** Ids; undefined: all, those that are still to come included. */
  readonly collectorIds: readonly string[] | undefined;
  /** Where a collector's events begin that it has not had yet. */
  readonly from: "start" | "now";
  readonly maxBatchEvents: number | undefined;
  readonly maxBatchBytes: number | undefined;
  readonly maxAgeMs: number | undefined;
  readonly paused: boolean;
  /** `file`: read from the configuration file and read-only in the console. */
  readonly managedBy: "console" | "file";
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type NewDestination = Omit<InstalledDestination, "id" | "createdAt" | "updatedAt">;
/** `undefined` clears an optional value; an absent key leaves it. */
export type DestinationChange = Partial<
  Omit<InstalledDestination, "id" | "kind" | "managedBy" | "createdAt" | "updatedAt">
>;

/** A kind's schema and which of its settings are addresses. */
export interface DestinationKinds {
  parse(kind: string, settings: unknown): unknown;
  /** The settings that say where secrets go. */
  addressOf(kind: string): readonly string[];
}

/**
 * Destinations and their secrets in control.db. Secrets go in and never come out but in a plan. Refusals are CollectorError `rejected` with
 * reason `not_found`, `name_taken` or `managed_by_file`.
 */
export interface DestinationControl {
  destinations(): readonly InstalledDestination[];
  destination(id: string): InstalledDestination | undefined;
  createDestination(destination: NewDestination, secrets: Readonly<Record<string, string>>): InstalledDestination;
  /** A change of address clears every secret that is not given anew; null takes one away. */
  updateDestination(
    id: string,
    change: DestinationChange,
    secrets: Readonly<Record<string, string | null>>,
    addressOf: DestinationKinds["addressOf"],
  ): InstalledDestination;
  deleteDestination(id: string): void;
  destinationSecrets(id: string): readonly SecretInfo[];
  /** The settings of one with secrets in place, not parsed; for the connection test. */
  destinationSettings(id: string): Record<string, unknown>;
  /** Everything the delivery engine needs, secrets in place. */
  destinationPlans(parse: DestinationKinds["parse"]): readonly DestinationPlan[];
}

/** Pausing is operation, not configuration: it is allowed on every destination. */
export const isOperation = (change: DestinationChange): boolean => Object.keys(change).every((key) => key === "paused");
