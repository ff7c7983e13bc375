// The shapes of the HTTP API under the names that the console uses; generated from the server's OpenAPI document.
import type { components, paths } from "./api.generated.ts";

type Schemas = components["schemas"];

/** What the server sends is read, never changed in place. */
type Frozen<T> = T extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export type Session = Frozen<Schemas["Session"]>;
export type Role = NonNullable<Session["account"]>["role"];
/** A refused or failed request, as `application/problem+json`; `fields` has one message for each field that is wrong. */
export type Problem = Omit<Frozen<Schemas["Problem"]>, "type">;
export type SystemInfo = Frozen<Schemas["System"]>;

export type SettingField = Frozen<Schemas["SettingField"]>;
export type DataSourceInfo = Frozen<Schemas["DataSource"]>;
export type GuideStep = Frozen<Schemas["Guide"]["steps"][number]> & {
  /** The step belongs only to this choice of an earlier field. */
  readonly onlyIf?: { readonly field: string; readonly value: string };
};
export type Guide = Omit<Frozen<Schemas["Guide"]>, "steps"> & { readonly steps: readonly GuideStep[] };
export type Connector = Omit<Frozen<Schemas["Connector"]>, "guide"> & { readonly guide?: Guide };
export type GuideField = GuideStep["fields"][number];
export type GuideEvaluation = Frozen<Schemas["GuideEvaluation"]>;
export type GuideFinding = GuideEvaluation["findings"][number];

export type CollectorList = Frozen<Schemas["CollectorList"]>;
export type CollectorRow = Frozen<Schemas["CollectorRow"]>;
export type CollectorDetail = Frozen<Schemas["CollectorDetail"]>;
export type CollectorErrorRow = Frozen<Schemas["CollectorError"]>;
export type QuarantinedLine = Frozen<Schemas["QuarantinedLine"]>;
export type CollectorSaved = Frozen<Schemas["SavedCollector"]>;
export type Health = CollectorRow["health"];
export type Fault = CollectorRow["fault"];
export type DataSourceStatus = Frozen<Schemas["DataSourceStatus"]>;
export type Hole = DataSourceStatus["holes"][number];
export type Backlog = Frozen<Schemas["Backlog"]>;
export type RewindForecast = Frozen<Schemas["RewindForecast"]>;
export type Gap = Frozen<Schemas["Gap"]>;
export type SecretInfo = Frozen<Schemas["SecretInfo"]>;
export type DraftRow = Frozen<Schemas["DraftRow"]>;
export type Draft = Frozen<Schemas["Draft"]>;
export type Site = Frozen<Schemas["Site"]>;
export type Coverage = Frozen<Schemas["Coverage"]>;
export type CoverageState = Coverage["sources"][number]["cells"][number]["worst"];
export type CoveredFiles = Frozen<Schemas["CoveredFiles"]>;
export type IssuedReport = Frozen<Schemas["IssuedReports"]>[number];
export type Volume = Frozen<Schemas["VolumeSeries"]>;

export type NewCollector = Frozen<Schemas["NewCollector"]>;
/** What is changed of a collector; `null` clears an optional value. */
export type CollectorChange = Frozen<Schemas["CollectorChange"]>;

/** One step of a connection test; told when it starts and again when it has ended. The last one has the id `result`. */
export interface CheckStep {
  readonly id: string;
  readonly title: string;
  readonly state: "running" | "ok" | "warning" | "failed" | "skipped";
  readonly detail?: string;
  readonly remedy?: string;
  readonly reason?: string;
  readonly durationMs?: number;
}

export interface CheckRequest {
  readonly connector: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dataSources: readonly string[];
  /** Secrets that the settings do not carry are taken from here. */
  readonly collectorId?: string;
  readonly draftId?: string;
}

export type DestinationKind = Frozen<Schemas["DestinationKind"]>;
export type Destination = Frozen<Schemas["Destination"]>;
export type DestinationStatus = Frozen<Schemas["DestinationStatus"]>;
export type DeliveryPhase = DestinationStatus["phase"];
export type EventFilter = NonNullable<Destination["filter"]>;
export type FieldRule = NonNullable<EventFilter["fields"]>[number];
export type Masking = NonNullable<Destination["masking"]>;
export type DeliveryPreview = Frozen<Schemas["DeliveryPreview"]>;
export type Receipt = Frozen<Schemas["Receipt"]>;
export type DeadLetter = Frozen<Schemas["DeadLetter"]>;
export type Replay = Frozen<Schemas["Replay"]>;

type Bodies<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  requestBody: { content: { "application/json": infer Body } };
}
  ? Frozen<Body>
  : never;

export type NewDestination = Bodies<"/api/v1/destinations", "post">;
/** What is changed of a destination; `null` clears an optional value. */
export type DestinationChange = Bodies<"/api/v1/destinations/{id}", "patch">;
export type DestinationCheck = Bodies<"/api/v1/destinations/check", "post">;
export type PreviewRequest = Bodies<"/api/v1/destinations/preview", "post">;
export type ReplayRequest = Bodies<"/api/v1/destinations/{id}/replays", "post">;
export type LetterChoice = Bodies<"/api/v1/destinations/{id}/dead-letters/retry", "post">;
