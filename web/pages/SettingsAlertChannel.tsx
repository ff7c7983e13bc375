import { Button, Modal, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import { CopyButton } from "../components/CopyButton/CopyButton.tsx";
import { ErrorNotice, Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { bodyOf, type ChannelForm, emptyChannel, formOf } from "../form/alert-channel.ts";
import type { AlertChannel, ChannelKind, useAlertActions } from "../hooks/useAlerts.ts";
import styles from "./Settings.module.css";

export const kindLabels: Readonly<Record<ChannelKind, string>> = {
  webhook: "Webhook",
  slack: "Slack or compatible",
  email: "E-mail",
};

const kinds = Object.entries(kindLabels).map(([value, label]) => ({ value, label }));
const securities = [
  { value: "starttls", label: "STARTTLS" },
  { value: "tls", label: "TLS" },
  { value: "none", label: "None (named private networks only)" },
];

interface Props {
  /** Absent: a new one. */
  readonly channel?: AlertChannel | undefined;
  readonly actions: ReturnType<typeof useAlertActions>;
  readonly onClose: () => void;
}

/** Adds or edits a channel; a signing secret that was made is shown once. */
export function ChannelDialog({ channel, actions, onClose }: Props) {
  const { create, change } = actions;
  const close = () => {
    create.reset();
    change.reset();
    onClose();
  };
  const made = (channel ? change.data : create.data)?.signingSecret;
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
      title={made === undefined ? (channel ? `Edit ${channel.name}` : "New channel") : "The webhook's secret"}
      size={520}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {made === undefined ? (
        <Form channel={channel} actions={actions} onClose={close} />
      ) : (
        <div className={styles.form}>
          <Notice tone="warn" title="Copy it now: it is shown only this once" live>
            The receiver verifies with it that a message comes from here.
          </Notice>
          <code className={styles.token}>{made}</code>
          <div className={styles.buttons}>
            <CopyButton text={made} what="secret" word="Copy secret" />
            <Button onClick={close}>I have kept it</Button>
          </div>
        </div>
      )}
    </Modal>
  );
}

function Form({ channel, actions, onClose }: Props) {
  const [form, setForm] = useState<ChannelForm>(channel ? formOf(channel) : emptyChannel);
  const { create, change } = actions;
  const error = channel ? change.error : create.error;
  const fields = error instanceof ApiError ? error.problem.fields : undefined;
  const set = (part: Partial<ChannelForm>) => setForm({ ...form, ...part });
  const save = () => {
    const { kind, ...body } = bodyOf(form);
    const onSuccess = ({ signingSecret }: { readonly signingSecret?: string | undefined }) =>
      signingSecret === undefined && onClose();
    if (channel) change.mutate({ channel: channel.id, body }, { onSuccess });
    else create.mutate({ kind, ...body }, { onSuccess });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {error && <ErrorNotice error={error} what="The channel was not saved" />}
      {!channel && (
        <Select
          label="Kind"
          data={kinds}
          allowDeselect={false}
          value={form.kind}
          onChange={(kind) => kind && set({ kind: kind as ChannelKind })}
        />
      )}
      <Text form={form} set={set} name="name" label="Name" placeholder="soc" error={fields?.name} required />
      <KindFields form={form} set={set} fields={fields} stored={channel !== undefined} />
      <Switch
        label="Only what is critical"
        checked={form.critical}
        onChange={(event) => set({ critical: event.currentTarget.checked })}
      />
      <Switch
        label="In use"
        checked={form.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending || change.isPending} disabled={form.name.trim() === ""}>
          {channel ? "Save" : "Add channel"}
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly form: ChannelForm;
  readonly set: (part: Partial<ChannelForm>) => void;
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly stored: boolean;
}

function KindFields({ form, set, fields, stored }: FieldsProps) {
  const kept = stored ? "One is stored; leave this empty to keep it" : undefined;
  const common = { form, set };
  if (form.kind === "email") return <MailFields form={form} set={set} fields={fields} stored={stored} />;
  if (form.kind === "slack")
    return <Secret {...common} name="url" label="Address of the hook" description={kept} error={fields?.url} />;
  return (
    <>
      <Text
        {...common}
        name="url"
        label="Address"
        placeholder="https://soc.example/cistern"
        error={fields?.url}
        required
      />
      <Secret
        {...common}
        name="secret"
        label="Secret"
        description={kept ?? "Begins with whsec_; leave this empty to have one made"}
        error={fields?.secret}
      />
    </>
  );
}

function MailFields({ form, set, fields, stored }: FieldsProps) {
  const common = { form, set };
  const receivers = Object.entries(fields ?? {}).find(([name]) => name.startsWith("to"))?.[1];
  const kept = stored ? "Leave this empty to keep the one that is stored" : undefined;
  return (
    <>
      <Text {...common} name="host" label="Server" placeholder="mail.example.org" error={fields?.host} required />
      <Text {...common} name="port" label="Port" error={fields?.port} required />
      <Select
        label="Encryption"
        data={securities}
        allowDeselect={false}
        value={form.security}
        onChange={(security) => security && set({ security })}
      />
      <Text {...common} name="from" label="From" placeholder="cistern@example.org" error={fields?.from} required />
      <Text
        {...common}
        name="to"
        label="To"
        placeholder="soc@example.org, ops@example.org"
        error={receivers}
        required
      />
      <Text {...common} name="username" label="User name" error={fields?.username} />
      <Secret {...common} name="password" label="Password" description={kept} error={fields?.password} />
    </>
  );
}

type TextName = "name" | "url" | "host" | "port" | "from" | "to" | "username" | "secret" | "password";

interface InputProps {
  readonly form: ChannelForm;
  readonly set: (part: Partial<ChannelForm>) => void;
  readonly name: TextName;
  readonly label: string;
  readonly placeholder?: string;
  readonly description?: string | undefined;
  readonly error?: string | undefined;
  readonly required?: boolean;
}

function Text({ form, set, name, label, placeholder = "", error, required = false }: InputProps) {
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      error={error}
      required={required}
      withAsterisk={false}
      value={form[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
}

function Secret({ form, set, name, label, description, error }: InputProps) {
  return (
    <PasswordInput
      label={label}
      description={description}
      error={error}
      autoComplete="off"
      value={form[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
}
