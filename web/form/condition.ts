// A condition on a field of the upstream object, as a row of the filter. Pure.
import type { FieldRule } from "../api-types.ts";

export type Operator = "equals" | "contains" | "exists" | "missing";

export interface ConditionForm {
  readonly field: string;
  readonly operator: Operator;
  /** Of `equals`: any of these, whole. */
  readonly values: readonly string[];
  /** Of `contains`. */
  readonly text: string;
}

export const operators: readonly { readonly value: Operator; readonly label: string }[] = [
  { value: "equals", label: "is one of" },
  { value: "contains", label: "contains" },
  { value: "exists", label: "is there" },
  { value: "missing", label: "is not there" },
];

export const emptyCondition: ConditionForm = { field: "", operator: "equals", values: [], text: "" };

export function formOfCondition({ field, equals, contains, exists }: FieldRule): ConditionForm {
  if (equals !== undefined) return { ...emptyCondition, field, values: equals };
  if (contains !== undefined) return { ...emptyCondition, field, operator: "contains", text: contains };
  return { ...emptyCondition, field, operator: exists === false ? "missing" : "exists" };
}

export function conditionOf({ field, operator, values, text }: ConditionForm): FieldRule {
  const named = { field: field.trim() };
  if (operator === "equals") return { ...named, equals: values };
  if (operator === "contains") return { ...named, contains: text };
  return { ...named, exists: operator === "exists" };
}

/** `message.author.type`, `actor.*`. */
export const isPath = (text: string): boolean => /^[^.\s]{1,100}(\.[^.\s]{1,100}){0,15}$/.test(text);

export function conditionProblem({ field, operator, values, text }: ConditionForm): string | undefined {
  if (!isPath(field.trim())) return "Name a field, such as message.author.type";
  if (operator === "equals" && values.length === 0) return "Enter at least one value, and Enter after each";
  if (operator === "contains" && text === "") return "Enter the text that it contains";
  return undefined;
}

/** `message.author.type is one of user, tool`. */
export function conditionText(rule: FieldRule): string {
  const { field, operator, values, text } = formOfCondition(rule);
  const word = operators.find(({ value }) => value === operator)?.label;
  const rest = operator === "equals" ? ` ${values.join(", ")}` : operator === "contains" ? ` ${text}` : "";
  return `${field} ${word}${rest}`;
}
