// The New Collector form as data: what is typed, and what the API is told. Pure.
import type { CollectorChange, CollectorDetail, Connector, Draft, NewCollector, SecretInfo } from "../api-types.ts";
import { type FormErrors, initialSettings, type SettingsForm, settingErrors, settingsOf } from "./settings.ts";

/** What the form holds while it is filled in. */
export interface CollectorForm extends SettingsForm {
  readonly name: string;
  readonly dataSources: readonly string[];
  readonly siteId: string | null;
  readonly timezone: string | null;
  /** RFC 3339, or empty: all that upstream still has. */
  readonly start: string;
  readonly pollInterval: string;
  readonly overlap: string;
  /** A number, or empty or `auto`: found out. */
  readonly requestsPerMinute: string;
  /** A number of days, or empty: kept. */
  readonly retentionDays: string;
}

/** A fresh form: the connector's defaults, its first data source chosen. */
export function emptyForm(connector: Connector): CollectorForm {
  return {
    name: "",
    settings: initialSettings(connector.fields),
    secrets: {},
    dataSources: connector.dataSources.slice(0, 1).map(({ name }) => name),
    siteId: null,
    timezone: null,
    start: "",
    pollInterval: "60s",
    overlap: "24h",
    requestsPerMinute: "auto",
    retentionDays: "",
  };
}

/** The form of a draft; what the prerequisites wizard has found fills in the settings that it names. */
export function formFromDraft(connector: Connector, draft: Draft): CollectorForm {
  const values = draft.values as Partial<Record<keyof CollectorForm, unknown>> & Record<string, unknown>;
  const guided = (connector.guide?.steps ?? [])
    .flatMap(({ fields }) => fields)
    .filter(({ fills, kind }) => fills !== undefined && kind !== "secret")
    .map(({ name, fills }) => [fills as string, values[name]] as const)
    .filter(([, value]) => typeof value === "string" && value !== "");
  return merged(connector, {
    ...values,
    settings: { ...Object.fromEntries(guided), ...typedSettings(values.settings) },
  });
}

/** The form of an installed collector, to change it. */
export function formFromCollector(connector: Connector, collector: CollectorDetail): CollectorForm {
  return merged(connector, {
    ...collector,
    siteId: collector.site?.id,
    requestsPerMinute: String(collector.requestsPerMinute),
    dataSources: collector.sources.map(({ name, upstreamType }) => sourceName(connector, name, upstreamType)),
  });
}

// What the form holds empty does not hide what the wizard has found.
function typedSettings(settings: unknown): Record<string, unknown> {
  const entries = Object.entries((settings ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([, value]) => value !== "" && isGiven(value)));
}

/** The secrets of a draft under the names of the settings that they fill: the wizard keeps them by its own names. */
export function draftSecrets(connector: Connector, draft: Draft): readonly SecretInfo[] {
  const fields = (connector.guide?.steps ?? []).flatMap(({ fields }) => fields);
  const renamed = draft.secrets.map((secret) => {
    const fills = fields.find(({ name }) => name === secret.name)?.fills;
    return fills === undefined ? secret : { ...secret, name: fills };
  });
  const own = new Set(draft.secrets.map(({ name }) => name));
  return renamed.filter(({ name }, index) => draft.secrets[index]?.name === name || !own.has(name));
}

// One that the connector does not list was added by its upstream name.
function sourceName(connector: Connector, name: string, upstreamType: string): string {
  return connector.dataSources.some((known) => known.name === name) ? name : upstreamType;
}

function merged(connector: Connector, values: Record<string, unknown>): CollectorForm {
  const base = emptyForm(connector);
  const given = (values.settings ?? {}) as Record<string, unknown>;
  const text = (key: keyof CollectorForm) => (isGiven(values[key]) ? String(values[key]) : (base[key] as string));
  return {
    name: text("name"),
    settings: initialSettings(connector.fields, given),
    secrets: {},
    dataSources: Array.isArray(values.dataSources) ? values.dataSources.map(String) : base.dataSources,
    siteId: typeof values.siteId === "string" ? values.siteId : null,
    timezone: typeof values.timezone === "string" ? values.timezone : null,
    start: text("start"),
    pollInterval: text("pollInterval"),
    overlap: text("overlap"),
    requestsPerMinute: text("requestsPerMinute"),
    retentionDays: text("retentionDays"),
  };
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** What a draft keeps: everything but secrets. */
export function draftValues(form: CollectorForm): Record<string, unknown> {
  const { secrets: _, ...values } = form;
  return values;
}

/** The body of the request that installs the collector. */
export function installRequest(connector: Connector, form: CollectorForm, draftId: string | undefined): NewCollector {
  return {
    connector: connector.name,
    ...common(form),
    ...(form.siteId !== null && { siteId: form.siteId }),
    ...(form.timezone !== null && { timezone: form.timezone }),
    ...(form.start !== "" && { start: form.start }),
    ...(form.retentionDays !== "" && { retentionDays: Number(form.retentionDays) }),
    settings: settingsFor(connector, form),
    ...(draftId !== undefined && { draftId }),
  };
}

/** The body of the request that changes an installed collector. A secret that was not typed stays as it is. */
export function changeRequest(connector: Connector, form: CollectorForm): CollectorChange {
  return {
    ...common(form),
    siteId: form.siteId,
    timezone: form.timezone,
    start: form.start === "" ? null : form.start,
    retentionDays: form.retentionDays === "" ? null : Number(form.retentionDays),
    settings: settingsFor(connector, form),
  };
}

function common(form: CollectorForm) {
  const limit = form.requestsPerMinute.trim();
  return {
    name: form.name.trim(),
    dataSources: form.dataSources,
    pollInterval: form.pollInterval.trim(),
    overlap: form.overlap.trim(),
    requestsPerMinute: limit === "" || limit === "auto" ? ("auto" as const) : Number(limit),
  };
}

/** The settings as the connector's schema wants them. */
export const settingsFor = (connector: Connector, form: CollectorForm): Record<string, unknown> =>
  settingsOf(connector.fields, form);

/** What stands in the way of test and install, by field. `stored`: names of the secrets that the server has already. */
export function validate(connector: Connector, form: CollectorForm, stored: readonly string[]): FormErrors {
  const errors = settingErrors(connector.fields, form, stored);
  if (form.name.trim() === "") errors.name = "Give the collector a name";
  if (form.dataSources.length === 0) errors.dataSources = "Choose at least one data source";
  const duration = /^(\d+(ms|s|m|h|d))+$/;
  if (!duration.test(form.pollInterval.trim())) errors.pollInterval = "A duration such as 60s or 5m";
  if (!duration.test(form.overlap.trim())) errors.overlap = "A duration such as 24h or 2d";
  if (!/^(auto|[1-9]\d*)?$/.test(form.requestsPerMinute.trim())) errors.requestsPerMinute = "A whole number, or auto";
  if (!/^([1-9]\d*)?$/.test(form.retentionDays.trim()))
    errors.retentionDays = "A whole number of days, or empty to keep all";
  return errors;
}
