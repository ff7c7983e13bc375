// The shapes of the HTTP API as the console reads them. Instants are RFC 3339 in UTC unless the name says otherwise.

export type Role = "admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy";

export interface Session {
  readonly setupRequired: boolean;
  readonly account: { readonly name: string; readonly role: Role; readonly permissions?: readonly string[] } | null;
  readonly version: string;
}

/** A refused or failed request, as `application/problem+json`. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly action?: string;
  /** One message for each field that is wrong. */
  readonly fields?: Readonly<Record<string, string>>;
}

export type Health =
  | "starting"
  | "running"
  | "catching_up"
  | "idle"
  | "degraded"
  | "stalled_upstream"
  | "failed"
  | "paused";

export type Fault = "none" | "us" | "network" | "upstream" | "key" | "configuration" | "disk";

export interface SettingField {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly kind: "text" | "secret" | "url" | "number" | "boolean" | "choice";
  readonly choices?: readonly string[];
  readonly required: boolean;
  readonly advanced: boolean;
  readonly default?: unknown;
}

export interface DataSourceInfo {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly upstreamType: string;
  readonly scope?: string;
}

export interface GuideField {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "secret" | "choice";
  readonly help?: string;
  readonly placeholder?: string;
  readonly choices?: readonly { readonly value: string; readonly label: string; readonly help?: string }[];
  /** The setting of the collector's form that this value fills in. */
  readonly fills?: string;
}

export interface GuideStep {
  readonly id: string;
  readonly title: string;
  /** `**bold**` marks names on the vendor's screen. */
  readonly instructions: readonly string[];
  readonly fields: readonly GuideField[];
  readonly notes: readonly { readonly tone: "info" | "warn"; readonly title: string; readonly text: string }[];
  readonly kind: "form" | "mail" | "wait";
  /** The step belongs only to this choice of an earlier field. */
  readonly onlyIf?: { readonly field: string; readonly value: string };
}

export interface Guide {
  readonly title: string;
  readonly audience: string;
  readonly steps: readonly GuideStep[];
}

export interface GuideFinding {
  readonly step: string;
  readonly field?: string;
  readonly tone: "ok" | "warn" | "error";
  readonly text: string;
  readonly blocks: boolean;
}

export interface GuideEvaluation {
  readonly findings: readonly GuideFinding[];
  readonly mail?: { readonly to: string; readonly subject: string; readonly body: string };
}

export interface Connector {
  readonly name: string;
  readonly title: string;
  readonly vendor: string;
  readonly description: string;
  readonly fields: readonly SettingField[];
  readonly dataSources: readonly DataSourceInfo[];
  readonly hasGuide: boolean;
  readonly guide?: Guide;
}

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
  readonly collectorId?: string;
  readonly draftId?: string;
}

export interface SecretInfo {
  readonly name: string;
  readonly last4: string;
  readonly setAt: string;
}

export interface RecordedError {
  readonly code: string;
  readonly reason?: string;
  readonly message: string;
  readonly action?: string;
  readonly since: string;
  readonly at: string;
  readonly count: number;
}

export interface Hole {
  readonly fileId: string;
  readonly endTime: string;
  readonly error?: RecordedError;
  readonly attempts: number;
  readonly retryAt?: string;
  readonly state: string;
}

export interface Gap {
  readonly id: number;
  readonly dataSource: string;
  readonly from: string;
  readonly to: string;
  readonly reason: "expired_upstream" | "stopped_too_long" | "suspected";
  readonly files: number;
  readonly fileId?: string;
  readonly recordedAt: string;
  readonly acknowledgedAt?: string;
  readonly acknowledgedBy?: string;
}

export interface DataSourceStatus {
  readonly name: string;
  readonly title: string;
  readonly upstreamType: string;
  readonly health: Health;
  readonly reason: string;
  readonly action?: string;
  readonly fault: Fault;
  readonly paused: boolean;
  readonly cursor?: string;
  readonly completeThrough?: string;
  readonly newestEvent?: string;
  readonly lastIngestedAt?: string;
  readonly lagSeconds?: number;
  readonly pending: number;
  readonly pendingBytes: number;
  readonly holes: readonly Hole[];
  readonly gaps: readonly Gap[];
  readonly counts: {
    readonly events: number;
    readonly bytes: number;
    readonly duplicates: number;
    readonly conflicts: number;
    readonly quarantined: number;
    readonly filesDone: number;
    readonly filesPending: number;
  };
  readonly error?: RecordedError;
  readonly claimMovedBack: number;
  readonly activity?: {
    readonly phase: string;
    readonly nextScanAt?: string;
    readonly filesInWork: number;
    readonly requestsPerMinute: number;
  };
  readonly progress?: { readonly done: number; readonly total: number; readonly etaSeconds?: number };
}

export interface CollectorRow {
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  readonly connectorTitle: string;
  readonly vendor: string;
  readonly health: Health;
  readonly reason: string;
  readonly action?: string;
  readonly fault: Fault;
  readonly paused: boolean;
  readonly managedBy: "console" | "file";
  readonly site?: { readonly id: string; readonly name: string };
  readonly timezone?: string;
  readonly dataSources: number;
  readonly volumeLastDay: { readonly events: number; readonly bytes: number };
  readonly lastReceivedAt?: string;
  /** Events of the last 24 hours, one number an hour, oldest first. */
  readonly sparkline: readonly number[];
  readonly lagSeconds?: number;
  readonly completeThrough?: string;
  /** 0 to 1. */
  readonly completeShare: number;
  readonly pendingFiles: number;
  readonly lost: boolean;
}

export interface CollectorErrorRow {
  readonly dataSource: string;
  readonly type: "connection" | "credential" | "file" | "line" | "gap" | "storage" | "configuration";
  readonly code: string;
  readonly reason?: string;
  readonly message: string;
  readonly action?: string;
  readonly since: string;
  readonly at: string;
  readonly count: number;
  readonly fileId?: string;
  /** The id of the gap or the quarantined line. */
  readonly id?: number;
  readonly acknowledged: boolean;
  /** Page and anchor in the documents, such as `errors#auth_failed`. */
  readonly docs: string;
}

export interface CollectorDetail extends Omit<CollectorRow, "sources"> {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: readonly SecretInfo[];
  readonly start?: string;
  readonly pollInterval: string;
  readonly overlap: string;
  readonly requestsPerMinute: number | "auto";
  readonly retentionDays?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly sources: readonly DataSourceStatus[];
  readonly errors: readonly CollectorErrorRow[];
}

export interface DraftRow {
  readonly id: string;
  readonly connector: string;
  readonly connectorTitle: string;
  readonly name?: string;
  readonly updatedAt: string;
}

export interface CollectorList {
  readonly collectors: readonly CollectorRow[];
  readonly drafts: readonly DraftRow[];
}

export interface Draft {
  readonly id: string;
  readonly connector: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: readonly SecretInfo[];
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** What may be said of a collector when it is made or changed; `null` clears an optional value. */
export interface CollectorInput {
  readonly name?: string;
  readonly connector?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly dataSources?: readonly string[];
  readonly siteId?: string | null;
  readonly timezone?: string | null;
  readonly start?: string | null;
  readonly pollInterval?: string;
  readonly overlap?: string;
  readonly requestsPerMinute?: number | "auto";
  readonly retentionDays?: number | null;
  readonly paused?: boolean;
  readonly draftId?: string;
  readonly acceptWarnings?: boolean;
}

export interface CollectorSaved {
  readonly collector: CollectorDetail;
  readonly warnings: readonly string[];
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly collectors: number;
}

export interface Volume {
  readonly stepMs: number;
  /** `at`: start of the bucket, milliseconds since 1970. Buckets without events may be absent. */
  readonly buckets: readonly { readonly at: number; readonly events: number; readonly bytes: number }[];
  readonly total: { readonly events: number; readonly bytes: number };
}

export interface SystemInfo {
  readonly version: string;
  readonly startedAt: string;
  readonly disk: {
    readonly databaseBytes: number;
    readonly freeBytes: number;
    readonly totalBytes: number;
    readonly growthBytesPerDay?: number;
    readonly daysLeft?: number;
    readonly paused: boolean;
  };
  readonly secretKey: {
    readonly state: "ok" | "missing" | "wrong";
    readonly keyId?: string;
    readonly source: "file" | "environment";
  };
  readonly demo: boolean;
  readonly publicUrl?: string;
}
