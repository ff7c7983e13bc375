import { z } from "@hono/zod-openapi";
import { alertUrl } from "../model/alert-channels.ts";
import { alertRuleNames, alertRules } from "../model/alerts.ts";
import { channelRoutes } from "./alert-channels.ts";
import { AlertSettingsBody, Alerts } from "./alert-schemas.ts";
import type { ApiDeps } from "./deps.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";

/** So many notices are shown. */
const SHOWN = 50;

const tag = "alerts";

/** Alerts: where they go, what they are about, what was sent. */
export function alertRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { alerts } = deps;
  return [
    route(
      {
        method: "get",
        path: "/alerts",
        tag,
        summary: "Channels, rules, open problems and what was sent",
        permission: "alerts.read",
        answer: Alerts,
      },
      () => alertsOf(deps),
    ),
    route(
      {
        method: "patch",
        path: "/alerts/settings",
        tag,
        summary: "Change rules, reminders, quiet hours and private networks",
        permission: "alerts.write",
        body: AlertSettingsBody,
        answer: Alerts,
      },
      ({ c, body }) => {
        const before = alerts.settings();
        const { quietHours = before.quietHours, rules, ...rest } = body;
        alerts.saveSettings({
          ...before,
          ...definedOf(rest),
          quietHours: quietHours ?? undefined,
          rules: { ...before.rules, ...definedOf(rules ?? {}) },
        });
        recordChange(deps, c, "alerts.changed", undefined, { fields: Object.keys(body) });
        return alertsOf(deps);
      },
    ),
    route(
      {
        method: "put",
        path: "/alerts/heartbeat",
        tag,
        summary: "Set the address that is called while everything makes progress, or none",
        permission: "alerts.write",
        body: z.strictObject({ url: alertUrl.nullable() }),
      },
      ({ c, body }) => {
        alerts.setHeartbeat(body.url ?? undefined);
        recordChange(deps, c, body.url === null ? "alerts.heartbeat_removed" : "alerts.heartbeat_set");
      },
    ),
    ...channelRoutes(deps),
  ];
}

/** What was given, without what was left out. */
const definedOf = <T extends object>(given: T) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };

function alertsOf({ alerts, heartbeat }: ApiDeps): z.infer<typeof Alerts> {
  const settings = alerts.settings();
  const channels = alerts.channels();
  const nameOf = (id: string) => channels.find((channel) => channel.id === id)?.name ?? id;
  return {
    channels: channels.map((channel) => ({ ...channel, settings: { ...channel.settings } })),
    rules: alertRuleNames.map((name) => {
      const { title, description } = alertRules[name];
      return { name, title, description, ...settings.rules[name] };
    }),
    reminderMs: settings.reminderMs,
    quietHours: settings.quietHours,
    allowNetworks: settings.allowNetworks,
    heartbeat: { address: alerts.heartbeat(), intervalMs: settings.heartbeatMs, ...heartbeat?.() },
    problems: alerts.known().map(({ problem, firstAt, notifiedAt }) => {
      const { fingerprint: _, cause: __, ...shown } = problem;
      return { ...shown, title: alertRules[problem.rule].title, since: firstAt, notifiedAt };
    }),
    deliveries: alerts
      .deliveries(SHOWN)
      .map(({ id, channelId, notice, state, attempts, error, createdAt, endedAt }) => ({
        id,
        channel: nameOf(channelId),
        kind: notice.kind,
        title: [alertRules[notice.problem.rule].title, notice.problem.collector ?? notice.problem.destination]
          .filter(Boolean)
          .join(": "),
        severity: notice.severity,
        state,
        attempts,
        error,
        createdAt,
        endedAt,
      })),
  };
}
