import { TextInput, UnstyledButton } from "@mantine/core";
import { useId, useState } from "react";
import type { CollectorForm } from "../../form/collector-form.ts";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./CollectorForm.module.css";
import type { FormProps } from "./CollectorForm.tsx";
import { SettingInput } from "./SettingInput.tsx";

const own = ["start", "pollInterval", "overlap", "requestsPerMinute", "retentionDays"] as const;

/** Everything that has a good default, folded away; opens by itself where something in it is wrong. */
export function Advanced(props: FormProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const fields = props.connector.fields.filter(({ advanced }) => advanced);
  const wrong = [...own, ...fields.map(({ name }) => name)].some((name) => props.errors[name] !== undefined);
  const shown = open || wrong;
  return (
    <div className={styles.fold}>
      <UnstyledButton
        className={styles.summary}
        aria-expanded={shown}
        aria-controls={id}
        onClick={() => setOpen(!shown)}
      >
        <Icon name={shown ? "chevronDown" : "chevronRight"} size={14} />
        Advanced
        <span className={styles.hint}>start, intervals, limits, retention, address</span>
      </UnstyledButton>
      <div id={id} hidden={!shown} className={styles.inner}>
        <Platform {...props} />
        {fields.map((field) => (
          <SettingInput key={field.name} field={field} {...props} />
        ))}
      </div>
    </div>
  );
}

function Platform({ form, onChange, errors }: FormProps) {
  const text = (name: (typeof own)[number] & keyof CollectorForm) => ({
    value: form[name],
    error: errors[name],
    autoComplete: "off",
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <>
      <TextInput
        label="Start"
        description="Nothing older than this day (UTC) is asked for. Empty: all that upstream still has"
        type="date"
        value={form.start.slice(0, 10)}
        error={errors.start}
        onChange={(event) =>
          onChange({ ...form, start: event.currentTarget.value === "" ? "" : `${event.currentTarget.value}T00:00:00Z` })
        }
      />
      <div className={styles.pair}>
        <TextInput label="Poll interval" description="How often upstream is asked" {...text("pollInterval")} />
        <TextInput label="Overlap" description="How far back it is asked again" {...text("overlap")} />
      </div>
      <div className={styles.pair}>
        <TextInput
          label="Requests per minute"
          description="A ceiling, or auto"
          placeholder="auto"
          {...text("requestsPerMinute")}
        />
        <TextInput
          label="Retention, days"
          description="Empty: events are kept"
          placeholder="keep"
          {...text("retentionDays")}
        />
      </div>
    </>
  );
}
