// The form of a destination as data: what is typed, and what the API is told. Pure.
import type {
  Destination,
  DestinationChange,
  DestinationKind,
  EventFilter,
  Masking,
  NewDestination,
  PreviewRequest,
} from "../api-types.ts";
import { type ConditionForm, conditionOf, conditionProblem, formOfCondition, isPath } from "./condition.ts";
import { type FormErrors, initialSettings, type SettingsForm, settingErrors, settingsOf } from "./settings.ts";

/** What the form holds while it is filled in. */
export interface DestinationForm extends SettingsForm {
  readonly name: string;
  readonly format: Destination["format"];
  /** Null: all collectors, those that are still to come included. */
  readonly collectorIds: readonly string[] | null;
  readonly from: "start" | "now";
  readonly dataSources: readonly string[];
  readonly types: readonly string[];
  readonly users: readonly string[];
  readonly withoutUsers: readonly string[];
  readonly conditions: readonly ConditionForm[];
  readonly metadataOnly: boolean;
  readonly pseudonyms: boolean;
  readonly drop: readonly string[];
  readonly mask: readonly string[];
  /** Numbers and a duration as typed; empty: the kind's own. */
  readonly maxBatchEvents: string;
  readonly maxBatchBytes: string;
  readonly maxAge: string;
}

/** A fresh form of a kind, or that of a destination that is there. */
export function destinationForm(kind: DestinationKind, given?: Destination): DestinationForm {
  const { filter = {}, masking = {} } = given ?? {};
  const number = (value: number | undefined) => (value === undefined ? "" : String(value));
  return {
    name: given?.name ?? "",
    settings: initialSettings(kind.settings, given?.settings),
    secrets: {},
    format: given?.format ?? (kind.formats[0]?.name as Destination["format"]),
    collectorIds: given?.collectorIds ?? null,
    from: given?.from ?? "start",
    dataSources: filter.data_sources ?? [],
    types: filter.types ?? [],
    users: filter.users ?? [],
    withoutUsers: filter.without_users ?? [],
    conditions: (filter.fields ?? []).map(formOfCondition),
    metadataOnly: masking.metadata_only ?? false,
    pseudonyms: masking.pseudonyms ?? false,
    drop: masking.drop ?? [],
    mask: masking.mask ?? [],
    maxBatchEvents: number(given?.maxBatchEvents),
    maxBatchBytes: number(given?.maxBatchBytes),
    maxAge: given?.maxAgeMs === undefined ? "" : durationOf(given.maxAgeMs),
  };
}

/** The filter that the form describes; null: every event. */
export function filterOf(form: DestinationForm): EventFilter | null {
  const { dataSources, types, users, withoutUsers, conditions } = form;
  const filter: EventFilter = {
    ...(dataSources.length > 0 && { data_sources: dataSources }),
    ...(types.length > 0 && { types }),
    ...(users.length > 0 && { users }),
    ...(withoutUsers.length > 0 && { without_users: withoutUsers }),
    ...(conditions.length > 0 && { fields: conditions.map(conditionOf) }),
  };
  return Object.keys(filter).length === 0 ? null : filter;
}

/** The masking that the form describes; null: nothing is masked. */
export function maskingOf({ metadataOnly, pseudonyms, drop, mask }: DestinationForm): Masking | null {
  const masking: Masking = {
    ...(metadataOnly && { metadata_only: true }),
    ...(drop.length > 0 && { drop }),
    ...(mask.length > 0 && { mask }),
    ...(pseudonyms && { pseudonyms: true }),
  };
  return Object.keys(masking).length === 0 ? null : masking;
}

/** The body of a change: everything, so that what was cleared is cleared. A secret that was not typed stays as it is. */
export function changeOf(kind: DestinationKind, form: DestinationForm): DestinationChange & { readonly name: string } {
  const number = (text: string) => (text.trim() === "" ? null : Number(text));
  return {
    name: form.name.trim(),
    settings: settingsOf(kind.settings, form),
    format: form.format,
    collectorIds: form.collectorIds,
    from: form.from,
    filter: filterOf(form),
    masking: maskingOf(form),
    maxBatchEvents: number(form.maxBatchEvents),
    maxBatchBytes: number(form.maxBatchBytes),
    maxAge: form.maxAge.trim() === "" ? null : form.maxAge.trim(),
  };
}

/** The body that adds a destination. */
export function additionOf(kind: DestinationKind, form: DestinationForm): NewDestination {
  const { settings = {}, ...rest } = changeOf(kind, form);
  return { kind: kind.name, settings, ...rest };
}

/** Stored events are shown as the form would send them. */
export function previewOf(form: DestinationForm, destinationId: string | undefined): PreviewRequest {
  return {
    format: form.format,
    collectorIds: form.collectorIds,
    filter: filterOf(form),
    masking: maskingOf(form),
    show: 5,
    ...(destinationId !== undefined && { destinationId }),
  };
}

/** What stands in the way of test and save, by field. `stored`: names of the secrets that the server has already. */
export function destinationErrors(kind: DestinationKind, form: DestinationForm, stored: readonly string[]): FormErrors {
  const errors = { ...settingErrors(kind.settings, form, stored), ...shapingErrors(form) };
  if (form.name.trim() === "") errors.name = "Give the destination a name";
  if (form.collectorIds?.length === 0) errors.collectorIds = "Choose at least one collector, or take all";
  return { ...errors, ...limitErrors(form) };
}

/** What is wrong with filter and masks alone: all that a preview needs to be right. */
export function shapingErrors({ conditions, drop, mask }: DestinationForm): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const [index, condition] of conditions.entries()) {
    const problem = conditionProblem(condition);
    if (problem !== undefined) errors[`filter.fields.${index}`] = problem;
  }
  for (const [name, paths] of Object.entries({ drop, mask })) {
    const wrong = paths.find((path) => !isPath(path));
    if (wrong !== undefined)
      errors[`masking.${name}`] = `${wrong} is not the path of a field, such as actor.user_email`;
  }
  return errors;
}

function limitErrors({ maxBatchEvents, maxBatchBytes, maxAge }: DestinationForm): Record<string, string> {
  const within = (text: string, least: number, most: number) =>
    text.trim() === "" || (/^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most);
  return {
    ...(!within(maxBatchEvents, 1, 100_000) && { maxBatchEvents: "A whole number from 1 to 100000, or empty" }),
    ...(!within(maxBatchBytes, 1_000, 100_000_000) && { maxBatchBytes: "From 1000 to 100000000 bytes, or empty" }),
    ...(!/^((\d+(ms|s|m|h|d))+)?$/.test(maxAge.trim()) && { maxAge: "A duration such as 5s or 2m, or empty" }),
  };
}

/** The message at a field, or at the first of what stands within it, such as `filter.users.2` of `filter.users`. */
export function errorAt(errors: FormErrors, name: string): string | undefined {
  return errors[name] ?? Object.entries(errors).find(([key]) => key.startsWith(`${name}.`))?.[1];
}

/** `500ms`, `5s`, `2m`, as it is typed. */
export function durationOf(ms: number): string {
  if (ms % 1_000 !== 0) return `${ms}ms`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1_000}s`;
}
