import { ActionIcon, Button, Select, TagsInput, TextInput } from "@mantine/core";
import { type ConditionForm, emptyCondition, type Operator, operators } from "../../form/condition.ts";
import { errorAt } from "../../form/destination-form.ts";
import type { FormErrors } from "../../form/settings.ts";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./DestinationEditor.module.css";

interface Props {
  readonly conditions: readonly ConditionForm[];
  readonly errors: FormErrors;
  readonly onChange: (conditions: readonly ConditionForm[]) => void;
}

const MOST = 50;

/** Conditions on fields of the upstream object, one row each. */
export function Conditions({ conditions, errors, onChange }: Props) {
  return (
    <fieldset className={styles.conditions}>
      <legend>Conditions on fields</legend>
      {conditions.map((condition, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition is its place in the list
          key={index}
          number={index + 1}
          condition={condition}
          error={errorAt(errors, `filter.fields.${index}`)}
          onChange={(next) => onChange(conditions.with(index, next))}
          onRemove={() => onChange(conditions.toSpliced(index, 1))}
        />
      ))}
      <Button
        size="xs"
        variant="default"
        className={styles.add ?? ""}
        leftSection={<Icon name="plus" size={14} />}
        disabled={conditions.length >= MOST}
        onClick={() => onChange([...conditions, emptyCondition])}
      >
        Add condition
      </Button>
    </fieldset>
  );
}

interface RowProps {
  readonly number: number;
  readonly condition: ConditionForm;
  readonly error: string | undefined;
  readonly onChange: (condition: ConditionForm) => void;
  readonly onRemove: () => void;
}

function Row({ number, condition, error, onChange, onRemove }: RowProps) {
  const { field, operator } = condition;
  return (
    <div>
      <div className={styles.condition}>
        <TextInput
          aria-label={`Field of condition ${number}`}
          placeholder="message.author.type"
          autoComplete="off"
          spellCheck={false}
          error={error !== undefined}
          value={field}
          onChange={(event) => onChange({ ...condition, field: event.currentTarget.value })}
        />
        <Select
          aria-label={`Comparison of condition ${number}`}
          data={[...operators]}
          allowDeselect={false}
          value={operator}
          onChange={(value) => value && onChange({ ...condition, operator: value as Operator })}
        />
        <Compared number={number} condition={condition} onChange={onChange} />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={34}
          aria-label={`Remove condition ${number}`}
          onClick={onRemove}
        >
          <Icon name="close" size={14} />
        </ActionIcon>
      </div>
      {error !== undefined && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

function Compared({ number, condition, onChange }: Pick<RowProps, "number" | "condition" | "onChange">) {
  const { operator, values, text } = condition;
  const label = `Value of condition ${number}`;
  if (operator === "equals") {
    return (
      <TagsInput
        aria-label={label}
        placeholder={values.length === 0 ? "user" : ""}
        acceptValueOnBlur
        autoComplete="off"
        value={[...values]}
        onChange={(next) => onChange({ ...condition, values: next })}
      />
    );
  }
  if (operator !== "contains") return <span className={styles.filler} />;
  return (
    <TextInput
      aria-label={label}
      autoComplete="off"
      value={text}
      onChange={(event) => onChange({ ...condition, text: event.currentTarget.value })}
    />
  );
}
