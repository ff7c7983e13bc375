/** Which half of the log routes serves a type. */
export type LogScope = "workspace" | "organization";

/** The log event types that the specification names, `CODEX_TURN` from its newer versions. */
export const EVENT_TYPES = [
  "CONVERSATION_MESSAGE",
  "APP_LOG",
  "APP_AUTH_LOG",
  "AUDIT_LOG",
  "AUTH_LOG",
  "CODEX_LOG",
  "CODEX_TURN",
  "CHATGPT_PLUGIN_SPREADSHEET",
  "CODEX_SECURITY_LOG",
  "CUSTOM_AGENTS_LOG",
  "COSTS",
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** A type that no specification knows: served when the quirk `unknownEventType` is on. */
export const UNKNOWN_EVENT_TYPE = "WORKSPACE_FORECAST_LOG";

/** One feed of files: a type in one scope. */
export interface Stream {
  readonly scope: LogScope;
  readonly type: string;
}

/** Every feed that the sandbox can serve. A file id carries the position in this list: only append. */
export const STREAMS: readonly Stream[] = [
  ...EVENT_TYPES.filter((type) => type !== "COSTS").map((type): Stream => ({ scope: "workspace", type })),
  { scope: "organization", type: "COSTS" },
  { scope: "organization", type: "APP_LOG" },
  { scope: "organization", type: "APP_AUTH_LOG" },
  { scope: "workspace", type: UNKNOWN_EVENT_TYPE },
];

/** The scopes in which a type is served; empty for a type that nobody knows. */
export function scopesOf(type: string): readonly LogScope[] {
  return STREAMS.filter((stream) => stream.type === type).map((stream) => stream.scope);
}

const PLATFORM = "chatgpt.enterprise.compliance_logs_platform";

/** Reads every log type. */
export const BROAD_READ = `${PLATFORM}.read`;
/** The older scope, still honoured for logs and needed for the stateful routes. */
export const LEGACY_READ = "chatgpt.enterprise.compliance_export.read";
/** Deletes users' content. A collector should not hold it. */
export const DELETE = "chatgpt.enterprise.compliance_export.delete";

/** The scope that reads one log type and nothing else. */
export function typeScope(type: string): string {
  return `${PLATFORM}.${type.toLowerCase()}.read`;
}
