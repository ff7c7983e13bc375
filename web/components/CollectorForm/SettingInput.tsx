import { Button, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { SecretInfo, SettingField } from "../../api-types.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { AbsoluteTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./CollectorForm.module.css";
import type { FormProps } from "./CollectorForm.tsx";

interface Props extends FormProps {
  readonly field: SettingField;
}

/** One field of the connector's schema, drawn by its kind. */
export function SettingInput(props: Props) {
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
  return (
    <TextInput
      {...common}
      required={field.required}
      placeholder={field.placeholder ?? ""}
      inputMode={field.kind === "number" ? "numeric" : field.kind === "url" ? "url" : "text"}
      autoComplete="off"
      spellCheck={false}
      value={String(value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

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

function SecretInput({ field, form, onChange, errors, stored, onSecretEntered }: Props) {
  const set = stored.find(({ name }) => name === field.name);
  const value = form.secrets[field.name] ?? "";
  const [replacing, setReplacing] = useState(false);
  if (set !== undefined && !replacing && value === "") {
    return <StoredSecret field={field} secret={set} onReplace={() => setReplacing(true)} />;
  }
  return (
    <PasswordInput
      label={field.label}
      description={field.help}
      placeholder={
        set === undefined ? (field.placeholder ?? "") : `Leave empty to keep the one that ends in ${set.last4}`
      }
      required={field.required && set === undefined}
      autoComplete="off"
      spellCheck={false}
      autoFocus={replacing}
      error={errors[field.name]}
      value={value}
      onChange={(event) => onChange({ ...form, secrets: { ...form.secrets, [field.name]: event.currentTarget.value } })}
      onBlur={() => value.trim() !== "" && onSecretEntered?.(field.name, value.trim())}
    />
  );
}

function StoredSecret({
  field,
  secret,
  onReplace,
}: {
  readonly field: SettingField;
  readonly secret: SecretInfo;
  readonly onReplace: () => void;
}) {
  return (
    <div>
      <div className={styles.label}>{field.label}</div>
      <div className={styles.stored}>
        <span>
          Set, ends in <code>{secret.last4}</code>
          <span className={styles.since}>
            since <AbsoluteTime at={secret.setAt} />
          </span>
        </span>
        <Button size="xs" variant="default" onClick={onReplace}>
          Replace
        </Button>
      </div>
    </div>
  );
}
