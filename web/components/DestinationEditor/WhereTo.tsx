import { TextInput } from "@mantine/core";
import { bytes, count } from "../../format/numbers.ts";
import { SettingInput } from "../CollectorForm/SettingInput.tsx";
import styles from "./DestinationEditor.module.css";
import type { EditorProps } from "./DestinationEditor.tsx";
import { Fold } from "./Fold.tsx";

const limits = ["maxBatchEvents", "maxBatchBytes", "maxAge"] as const;

/** The name, and the fields of the kind's settings; what has a good default is folded. */
export function WhereTo({ kind, destination, editing }: EditorProps) {
  const { form, change, errors } = editing;
  const inputs = { form, onChange: change, errors, stored: destination?.secrets ?? [], canRemove: true };
  const advanced = kind.settings.filter((field) => field.advanced);
  return (
    <div className={styles.fields}>
      <TextInput
        label="Name"
        description="How the destination is called here"
        placeholder={`${kind.name}-prod`}
        required
        autoComplete="off"
        value={form.name}
        error={errors.name}
        onChange={(event) => change({ ...form, name: event.currentTarget.value })}
      />
      {kind.settings
        .filter((field) => !field.advanced)
        .map((field) => (
          <SettingInput key={field.name} field={field} {...inputs} />
        ))}
      <Fold
        title="Advanced"
        hint="networks, certificates, batch limits"
        opened={[...limits, ...advanced.map(({ name }) => name)].some((name) => errors[name] !== undefined)}
      >
        {advanced.map((field) => (
          <SettingInput key={field.name} field={field} {...inputs} />
        ))}
        <BatchLimits kind={kind} editing={editing} />
      </Fold>
    </div>
  );
}

function BatchLimits({ kind, editing }: Pick<EditorProps, "kind" | "editing">) {
  const { form, change, errors } = editing;
  const text = (name: (typeof limits)[number]) => ({
    value: form[name],
    error: errors[name],
    autoComplete: "off",
    onChange: (event: { currentTarget: { value: string } }) => change({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <>
      <div className={styles.pair}>
        <TextInput
          label="Most events in a batch"
          description={`Empty: ${count(kind.limits.events)}, the most there is`}
          inputMode="numeric"
          {...text("maxBatchEvents")}
        />
        <TextInput
          label="Most bytes in a batch"
          description={`Empty: ${bytes(kind.limits.bytes)}, the most there is`}
          inputMode="numeric"
          {...text("maxBatchBytes")}
        />
      </div>
      <TextInput
        label="Longest wait for a batch to fill"
        description="A duration such as 5s or 2m. Empty: what suits this kind"
        {...text("maxAge")}
      />
    </>
  );
}
