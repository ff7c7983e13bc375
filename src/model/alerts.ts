import type { SecretInfo } from "./collector.ts";
import type { Health } from "./health.ts";

export const channelKinds = ["webhook", "slack", "email"] as const;
export type ChannelKind = (typeof channelKinds)[number];

export const severities = ["warning", "critical"] as const;
export type Severity = (typeof severities)[number];

/** What is alarmed of, each with how long it must have lasted by default. */
export const alertRules = {
  failed: { title: "Collection has stopped", description: "A key, scope or setting is refused.", afterMs: 0 },
  gap: { title: "Events are lost", description: "A gap that nobody has acknowledged.", afterMs: 0 },
  degraded: {
    title: "Collection is impaired",
    description: "The network, upstream's errors, or lines set aside.",
    afterMs: 5 * 60_000,
  },
  stalled_upstream: {
    title: "Upstream has stalled",
    description: "Upstream tells of events and publishes no file with them.",
    afterMs: 0,
  },
  quiet: {
    title: "Unusually quiet",
    description: "No events at hours of the week that always had some.",
    afterMs: 0,
  },
  behind: { title: "Behind", description: "A backlog that does not end.", afterMs: 6 * 3_600_000 },
  headroom: {
    title: "Loss is near",
    description: "Upstream deletes what is not collected in less than 14 days; critical below 5.",
    afterMs: 0,
  },
  disk: { title: "The disk is full", description: "Ingestion waits for free disk.", afterMs: 0 },
  delivery: {
    title: "Delivery stands still",
    description: "A destination refuses what is sent, or has taken nothing for 15 minutes although events wait.",
    afterMs: 0,
  },
  own_fault: { title: "Cistern stands still", description: "Cistern itself makes no progress.", afterMs: 0 },
} as const satisfies Record<string, { readonly title: string; readonly description: string; readonly afterMs: number }>;

export type AlertRule = keyof typeof alertRules;
export const alertRuleNames = Object.keys(alertRules) as readonly AlertRule[];

export interface RuleSettings {
  readonly enabled: boolean;
  /** A problem is told once it has lasted so long. */
  readonly afterMs: number;
}

/** At these hours only what is critical is sent; the rest waits for their end. */
export interface QuietHours {
  readonly timezone: string;
  /** `22:00`; the same as `to` means never. */
  readonly from: string;
  readonly to: string;
}

export interface AlertSettings {
  readonly rules: Readonly<Record<AlertRule, RuleSettings>>;
  /** A problem that stays is told again after so long; 0: never. */
  readonly reminderMs: number;
  readonly quietHours: QuietHours | undefined;
  /** How often the heartbeat's address is called while every data source makes progress. */
  readonly heartbeatMs: number;
  /** Private ranges, as CIDR, to which alerts may be sent all the same. */
  readonly allowNetworks: readonly string[];
}

export const defaultAlertSettings: AlertSettings = {
  rules: Object.fromEntries(
    alertRuleNames.map((name) => [name, { enabled: true, afterMs: alertRules[name].afterMs }]),
  ) as Record<AlertRule, RuleSettings>,
  reminderMs: 24 * 3_600_000,
  quietHours: undefined,
  heartbeatMs: 60_000,
  allowNetworks: [],
};

/** Where alerts go. Secrets are kept apart, encrypted: a Slack address as a whole, what signs a webhook, the mail server's password. */
export interface AlertChannel {
  /** Generated, `chan_…`. */
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: readonly SecretInfo[];
  /** Less than this is not sent there. */
  readonly leastSeverity: Severity;
  readonly enabled: boolean;
  readonly managedBy: "console" | "file";
  /** Since it was made. */
  readonly sent: number;
  readonly failed: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type NewChannel = Pick<AlertChannel, "name" | "kind" | "settings" | "leastSeverity" | "enabled" | "managedBy">;
export type ChannelChange = Partial<Omit<NewChannel, "kind">>;

/** Something to be alarmed of, as it stands now. Never content, never a secret, nothing that upstream's own texts say. */
export interface AlertProblem {
  /** The same for as long as it is the same problem. */
  readonly key: string;
  readonly rule: AlertRule;
  readonly severity: Severity;
  readonly cause: string;
  readonly state: Health;
  readonly collectorId: string | undefined;
  readonly collector: string | undefined;
  readonly dataSources: readonly string[];
  /** Of a problem of delivery. */
  readonly destinationId?: string | undefined;
  readonly destination?: string | undefined;
  readonly reason: string;
  readonly action: string | undefined;
  /** Changes where the problem has become another one, and is to be told again. */
  readonly fingerprint: string;
}

/** A problem with what was told of it; in the database, so that a restart tells nothing twice. */
export interface KnownProblem {
  readonly problem: AlertProblem;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly notifiedAt: string | undefined;
  readonly notifiedFingerprint: string | undefined;
  readonly notifiedSeverity: Severity | undefined;
}

export type NoticeKind = "problem" | "changed" | "reminder" | "resolved" | "test";

/** What is told. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly severity: Severity;
  readonly problem: AlertProblem;
  readonly since: string;
  readonly at: string;
}

/** A notice on its way to one channel. */
export interface Delivery {
  /** Generated, `msg_…`; the receiver can tell repeats by it. */
  readonly id: string;
  readonly channelId: string;
  readonly notice: Notice;
  readonly state: "pending" | "sent" | "given_up";
  readonly attempts: number;
  readonly nextAt: string;
  /** A code of docs/errors.md and our own sentence. */
  readonly error: string | undefined;
  readonly createdAt: string;
  readonly endedAt: string | undefined;
}

export interface DeliveryResult {
  readonly state: Delivery["state"];
  readonly nextAt: string;
  readonly error: string | undefined;
  readonly at: string;
}

/** Alerts in control.db; synchronous, as all of it. Refusals are `rejected` with `not_found`, `name_taken` or `managed_by_file`. */
export interface AlertStore {
  settings(): AlertSettings;
  saveSettings(settings: AlertSettings): void;
  heartbeat(): SecretInfo | undefined;
  /** Undefined takes it away. */
  setHeartbeat(url: string | undefined): void;
  heartbeatUrl(): string | undefined;

  channels(): readonly AlertChannel[];
  channel(id: string): AlertChannel | undefined;
  createChannel(channel: NewChannel, secrets: Readonly<Record<string, string>>): AlertChannel;
  /** A secret that is not given stays, unless the address changes: then all are cleared, so that none goes where it was not meant for. */
  updateChannel(id: string, change: ChannelChange, secrets: Readonly<Record<string, string>>): AlertChannel;
  deleteChannel(id: string): void;
  secretsOf(channelId: string): Readonly<Record<string, string>>;

  known(): readonly KnownProblem[];
  /** What a round has found and what is to be sent, in one transaction. */
  keepRound(round: {
    readonly known: readonly KnownProblem[];
    readonly forget: readonly string[];
    readonly deliveries: readonly Pick<Delivery, "id" | "channelId" | "notice">[];
    readonly at: string;
  }): void;
  /** Those that wait, those that are due first; `before` leaves out what is not due. */
  waiting(before: string, limit: number): readonly Delivery[];
  ended(id: string, result: DeliveryResult): void;
  /** Newest first. */
  deliveries(limit: number): readonly Delivery[];
}

/** Sends to one channel; resolves when the other side has taken it. Throws a CollectorError. */
export interface AlertSender {
  send(
    message: { readonly id: string; readonly notice: Notice },
    to: {
      readonly channel: Pick<AlertChannel, "kind" | "name" | "settings">;
      readonly secrets: Readonly<Record<string, string>>;
      readonly allowNetworks: readonly string[];
    },
    signal: AbortSignal,
  ): Promise<void>;
  /** Calls the heartbeat's address. */
  beat(url: string, allowNetworks: readonly string[], signal: AbortSignal): Promise<void>;
}
