// What is alarmed of, and what is told when: pure, so that every rule of it can be tested without a clock on the wall.
import {
  type AlertProblem,
  type AlertRule,
  type AlertSettings,
  alertRuleNames,
  type KnownProblem,
  type Notice,
  type QuietHours,
  type Severity,
} from "./alerts.ts";
import { spokenDuration } from "./duration.ts";
import type { HealthCause, HealthReport } from "./health.ts";

/** A problem must have been gone for so long to count as resolved: what comes back at once was never gone. */
const SETTLED_MS = 60_000;

/** A data source as alerts see it. */
export interface AlertSource {
  readonly collectorId: string;
  readonly collector: string;
  readonly dataSource: string;
  readonly report: HealthReport;
}

/** `each`: one problem per data source; `collector`: one for all data sources that have it; `one`: one for the whole of Cistern. */
type Width = "each" | "collector" | "one";

const byCause: Readonly<Partial<Record<HealthCause, readonly [AlertRule, Severity, Width]>>> = {
  settings_missing: ["failed", "critical", "collector"],
  key_refused: ["failed", "critical", "collector"],
  scope_missing: ["failed", "critical", "each"],
  configuration: ["failed", "critical", "collector"],
  gap: ["gap", "critical", "each"],
  set_aside: ["degraded", "warning", "each"],
  network_ours: ["degraded", "warning", "collector"],
  network_theirs: ["degraded", "warning", "collector"],
  upstream_failing: ["degraded", "warning", "collector"],
  upstream_answers_wrong: ["degraded", "warning", "collector"],
  throttled: ["degraded", "warning", "collector"],
  stalled_upstream: ["stalled_upstream", "warning", "collector"],
  unusually_quiet: ["quiet", "warning", "each"],
  catching_up: ["behind", "warning", "each"],
  disk_full: ["disk", "critical", "one"],
  own_fault: ["own_fault", "critical", "collector"],
};

/** The problems that the states make, each once. */
export function problemsOf(sources: readonly AlertSource[]): readonly AlertProblem[] {
  const found = new Map<string, AlertProblem>();
  for (const source of sources) {
    for (const problem of [fromCause(source), fromHeadroom(source)]) {
      if (problem === undefined) continue;
      const same = found.get(problem.key);
      const dataSources = [...(same?.dataSources ?? []), ...problem.dataSources];
      found.set(problem.key, { ...(same ?? problem), dataSources });
    }
  }
  return [...found.values()];
}

function fromCause({ collectorId, collector, dataSource, report }: AlertSource): AlertProblem | undefined {
  const { cause, health, summary, action } = report;
  // A throttled call that has only begun is no fault yet; the state says which it is.
  if (health === "running") return undefined;
  const [rule, severity, width] = byCause[cause] ?? [];
  if (rule === undefined || severity === undefined) return undefined;
  const whole = width === "one";
  const place = { each: [collectorId, dataSource], collector: [collectorId], one: [] }[width!];
  return {
    key: [rule, ...place].join("/"),
    rule,
    severity,
    cause,
    state: health,
    collectorId: whole ? undefined : collectorId,
    collector: whole ? undefined : collector,
    dataSources: whole ? [] : [dataSource],
    reason: summary,
    action,
    // A further gap is further loss; other numbers in a reason only grow with time.
    fingerprint: [severity, cause, ...(rule === "gap" ? [summary] : [])].join("/"),
  };
}

function fromHeadroom({ collectorId, collector, dataSource, report }: AlertSource): AlertProblem | undefined {
  const { headroom, health } = report;
  if (headroom === undefined || headroom.level === "ok") return undefined;
  const severity = headroom.level;
  return {
    key: ["headroom", collectorId, dataSource].join("/"),
    rule: "headroom",
    severity,
    cause: "headroom",
    state: health,
    collectorId,
    collector,
    dataSources: [dataSource],
    reason: `Upstream deletes events that are not collected in ${spokenDuration(headroom.seconds * 1_000)}`,
    action: report.action ?? "See what holds up the collection, and mend it before then",
    fingerprint: `${severity}/headroom`,
  };
}

export interface Decision {
  readonly known: readonly KnownProblem[];
  readonly forget: readonly string[];
  readonly notices: readonly Notice[];
}

/**
 * What is told now, and what is remembered of it. `heard` says whether any channel takes that severity: what nobody would hear counts as
 * not told, so that a channel which is set up later hears of it.
 */
export function decide(
  problems: readonly AlertProblem[],
  known: readonly KnownProblem[],
  settings: AlertSettings,
  { now, heard }: { readonly now: Date; readonly heard: (severity: Severity) => boolean },
): Decision {
  const before = new Map(known.map((one) => [one.problem.key, one]));
  const quiet = settings.quietHours !== undefined && isQuiet(settings.quietHours, now);
  const muted = (severity: Severity) => !heard(severity) || (quiet && severity !== "critical");
  const wanted = problems.filter(({ rule }) => settings.rules[rule].enabled);
  const present = wanted.map((problem) => judge(problem, before.get(problem.key), { settings, muted, now }));
  const keys = new Set(wanted.map(({ key }) => key));
  const gone = known.filter(({ problem }) => !keys.has(problem.key)).map((one) => judgeGone(one, quiet, now));
  return {
    known: [...present, ...gone].flatMap(({ keep }) => keep ?? []),
    forget: gone.flatMap(({ forget }) => forget ?? []),
    notices: [...present, ...gone].flatMap(({ notice }) => notice ?? []),
  };
}

interface Judgement {
  readonly keep?: KnownProblem;
  readonly forget?: string;
  readonly notice?: Notice;
}

function judge(
  problem: AlertProblem,
  before: KnownProblem | undefined,
  {
    settings,
    muted,
    now,
  }: { readonly settings: AlertSettings; readonly muted: (severity: Severity) => boolean; readonly now: Date },
): Judgement {
  const at = now.toISOString();
  const unknown = { firstAt: at, notifiedAt: undefined, notifiedFingerprint: undefined, notifiedSeverity: undefined };
  const keep: KnownProblem = { ...(before ?? unknown), problem, lastAt: at };
  const kind = kindOf(keep, settings, now);
  if (kind === undefined || muted(problem.severity)) return { keep };
  const severity = graver(problem.severity, kind === "changed" ? keep.notifiedSeverity : undefined);
  return {
    keep: { ...keep, notifiedAt: at, notifiedFingerprint: problem.fingerprint, notifiedSeverity: severity },
    notice: { kind, severity, problem, since: keep.firstAt, at },
  };
}

function kindOf(
  { problem, firstAt, notifiedAt, notifiedFingerprint }: KnownProblem,
  { rules, reminderMs }: AlertSettings,
  now: Date,
) {
  if (now.getTime() - Date.parse(firstAt) < rules[problem.rule].afterMs) return undefined;
  if (notifiedAt === undefined) return "problem";
  if (notifiedFingerprint !== problem.fingerprint) return "changed";
  return reminderMs > 0 && now.getTime() - Date.parse(notifiedAt) >= reminderMs ? "reminder" : undefined;
}

function judgeGone(known: KnownProblem, quiet: boolean, now: Date): Judgement {
  const { problem, lastAt, notifiedAt, notifiedSeverity: severity, firstAt } = known;
  if (now.getTime() - Date.parse(lastAt) < SETTLED_MS) return { keep: known };
  if (notifiedAt === undefined || severity === undefined) return { forget: problem.key };
  if (quiet && severity !== "critical") return { keep: known };
  const notice = { kind: "resolved", severity, problem, since: firstAt, at: now.toISOString() } as const;
  return { forget: problem.key, notice };
}

const graver = (a: Severity, b: Severity | undefined): Severity => (b === "critical" ? b : a);

/** Whether it is quiet hours there now; they may go past midnight. */
export function isQuiet({ timezone, from, to }: QuietHours, now: Date): boolean {
  if (from === to) return false;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const time = format.format(now);
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** How long to wait before the next attempt; undefined when it is given up, after a day. */
export function nextAttemptMs(attempts: number, ageMs: number): number | undefined {
  if (ageMs >= 24 * 3_600_000) return undefined;
  return Math.min(3_600_000, 5_000 * 2 ** Math.min(20, attempts - 1));
}

/** Stored settings with what they lack filled in, so that a rule of a newer version has its default. */
export function completeSettings(stored: Partial<AlertSettings>, defaults: AlertSettings): AlertSettings {
  const rules = Object.fromEntries(
    alertRuleNames.map((name) => [name, { ...defaults.rules[name], ...stored.rules?.[name] }]),
  ) as AlertSettings["rules"];
  return { ...defaults, ...stored, rules };
}
