import { Button, PasswordInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { SecretInfo, SettingField } from "../../api-types.ts";
import type { FormErrors, SettingsForm } from "../../form/settings.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { AbsoluteTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./CollectorForm.module.css";

/** What a form has to have so that fields of a settings schema can be drawn in it. */
export interface SettingsProps<Form extends SettingsForm> {
  readonly form: Form;
  readonly onChange: (form: Form) => void;
  readonly errors: FormErrors;
  /** Secrets that the server has already: shown as set, with their last four characters. */
  readonly stored: readonly SecretInfo[];
  /** The settings of what is installed and is changed here: those that are fixed are shown, not edited. */
  readonly installed?: Readonly<Record<string, unknown>>;
  /** Whether the server takes away a stored secret that is not needed. */
  readonly canRemove?: boolean;
  /** Told when a secret field is left with something in it. */
  readonly onSecretEntered?: (name: string, value: string) => void;
}

interface Props<Form extends SettingsForm> extends SettingsProps<Form> {
  readonly field: SettingField;
}

/** One field of a settings schema, drawn by its kind. */
export function SettingInput<Form extends SettingsForm>(props: Props<Form>) {
  const { field, form, onChange, errors, installed } = props;
  if (field.kind === "secret") return <SecretInput {...props} />;
  const kept = installed?.[field.name];
  if (field.fixed && kept !== undefined && kept !== "") return <FixedSetting field={field} value={String(kept)} />;
  const value = form.settings[field.name] ?? "";
  const set = (next: string | boolean) => onChange({ ...form, settings: { ...form.settings, [field.name]: next } });
  const common = { label: field.label, description: field.help, error: errors[field.name] };
  if (field.kind === "boolean")
    return <Switch {...common} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />;
  if (field.kind === "choice") {
    return (
      <Select
        {...common}
        required={field.required}
        data={[...(field.choices ?? [])]}
        value={value === "" ? null : String(value)}
        clearable={!field.required}
        onChange={(next) => set(next ?? "")}
      />
    );
  }
  if (field.lines) {
    return (
      <Textarea
        {...common}
        {...plain}
        required={field.required}
        placeholder={field.placeholder ?? "-----BEGIN …"}
        rows={3}
        classNames={{ input: styles.lines ?? "" }}
        value={String(value)}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...common}
      {...plain}
      required={field.required}
      placeholder={field.placeholder ?? ""}
      inputMode={field.kind === "number" ? "numeric" : field.kind === "url" ? "url" : "text"}
      value={String(value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

const plain = { autoComplete: "off", spellCheck: false } as const;

function FixedSetting({ field, value }: { readonly field: SettingField; readonly value: string }) {
  return (
    <TextInput
      label={field.label}
      description="Fixed since the collector was installed: what it has collected belongs to it. To collect another one, duplicate this collector or create a new one"
      readOnly
      classNames={{ input: styles.fixed ?? "" }}
      spellCheck={false}
      value={value}
      rightSection={<CopyButton text={value} what={field.label} />}
    />
  );
}

function SecretInput<Form extends SettingsForm>(props: Props<Form>) {
  const { field, form, onChange, errors, stored, canRemove, onSecretEntered } = props;
  const set = stored.find(({ name }) => name === field.name);
  const entered = form.secrets[field.name];
  const value = entered ?? "";
  const [replacing, setReplacing] = useState(false);
  const enter = (next: string | null) => onChange({ ...form, secrets: { ...form.secrets, [field.name]: next } });
  if (set !== undefined && !replacing && value === "") {
    const others = Object.fromEntries(Object.entries(form.secrets).filter(([name]) => name !== field.name));
    const remove = (gone: boolean) => (gone ? enter(null) : onChange({ ...form, secrets: others }));
    const onRemove = canRemove && !field.required ? remove : undefined;
    const actions = { onReplace: () => setReplacing(true), onRemove };
    return <StoredSecret field={field} secret={set} removed={entered === null} {...actions} />;
  }
  const common = {
    ...plain,
    label: field.label,
    description: field.help,
    placeholder:
      set === undefined ? (field.placeholder ?? "") : `Leave empty to keep the one that ends in ${set.last4}`,
    required: field.required && set === undefined,
    autoFocus: replacing,
    error: errors[field.name],
    value,
    onChange: (event: { currentTarget: { value: string } }) => enter(event.currentTarget.value),
    onBlur: () => value.trim() !== "" && onSecretEntered?.(field.name, value.trim()),
  };
  // A field of one line would drop the line breaks of what is pasted into it.
  if (!field.lines) return <PasswordInput {...common} />;
  return <Textarea {...common} rows={3} classNames={{ input: `${styles.lines} ${styles.hidden}` }} />;
}

interface StoredSecretProps {
  readonly field: SettingField;
  readonly secret: SecretInfo;
  readonly removed: boolean;
  readonly onReplace: () => void;
  /** Undefined where it has to stay. */
  readonly onRemove: ((gone: boolean) => void) | undefined;
}

function StoredSecret({ field, secret, removed, onReplace, onRemove }: StoredSecretProps) {
  return (
    <div>
      <div className={styles.label}>{field.label}</div>
      <div className={styles.stored}>
        <span>
          {removed ? "Is removed when you save: ends in" : "Set, ends in"} <code>{secret.last4}</code>
          <span className={styles.since}>
            since <AbsoluteTime at={secret.setAt} />
          </span>
        </span>
        {removed ? (
          <Button size="xs" variant="default" onClick={() => onRemove?.(false)}>
            Keep it
          </Button>
        ) : (
          <Button.Group>
            <Button size="xs" variant="default" onClick={onReplace}>
              Replace
            </Button>
            {onRemove && (
              <Button size="xs" variant="default" aria-label={`Remove ${field.label}`} onClick={() => onRemove(true)}>
                Remove
              </Button>
            )}
          </Button.Group>
        )}
      </div>
    </div>
  );
}
