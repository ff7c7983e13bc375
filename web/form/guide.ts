// The prerequisites as data: which steps apply, how far each is, what a value changes in the draft. Pure.
import type { Draft, Guide, GuideField, GuideFinding, GuideStep } from "../api-types.ts";

type Values = Readonly<Record<string, unknown>>;

export type StepState = "open" | "done" | "blocked";

/** The value of a wizard field, as text. */
export function textOf(values: Values, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

/** The steps that belong to the way chosen so far. */
export function stepsFor(guide: Guide, values: Values): readonly GuideStep[] {
  return guide.steps.filter(({ onlyIf }) => onlyIf === undefined || textOf(values, onlyIf.field) === onlyIf.value);
}

/** How far a step is: blocked by a finding, done when all its fields are filled, the mail sent, the approval there. */
export function stepState(
  step: GuideStep,
  draft: Pick<Draft, "values" | "secrets">,
  findings: readonly GuideFinding[],
): StepState {
  if (findings.some((finding) => finding.step === step.id && finding.blocks)) return "blocked";
  if (step.kind === "mail") return textOf(draft.values, "asked_on") === "" ? "open" : "done";
  if (step.kind === "wait") return textOf(draft.values, "granted_on") === "" ? "open" : "done";
  const filled = ({ name, kind }: GuideField) =>
    kind === "secret" ? draft.secrets.some((secret) => secret.name === name) : textOf(draft.values, name) !== "";
  return step.fields.every(filled) ? "done" : "open";
}

/**
 * What is saved when a wizard field changes. Where the collector's form has kept its own value of the setting that the field
 * fills in, that one changes too: the later entry wins.
 */
export function changedValues(field: GuideField, value: string, values: Values): Record<string, unknown> {
  const { settings } = values as { settings?: Record<string, unknown> };
  const fills = field.fills !== undefined && settings !== undefined && field.fills in settings;
  return { [field.name]: value, ...(fills && { settings: { ...settings, [field.fills as string]: value } }) };
}

/** The address that opens the message in a mail program. */
export function mailtoUrl({
  to,
  subject,
  body,
}: {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}): string {
  return `mailto:${encodeURIComponent(to).replace("%40", "@")}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll("\n", "\r\n"))}`;
}
