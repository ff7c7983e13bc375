import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import type { Role } from "../api-types.ts";
import { CopyButton } from "../components/CopyButton/CopyButton.tsx";
import { ErrorNotice, Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { roleNames } from "../format/roles.ts";
import { absolute } from "../format/times.ts";
import type { useSettingsTokens } from "../hooks/useSettings.ts";
import styles from "./Settings.module.css";

const days = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "180", label: "180 days" },
  { value: "365", label: "A year" },
];

interface Props {
  readonly create: ReturnType<typeof useSettingsTokens>["create"];
  readonly onClose: () => void;
}

/** Makes a token, and shows its text once. */
export function NewTokenDialog({ create, onClose }: Props) {
  const close = () => {
    create.reset();
    onClose();
  };
  const made = create.data;
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
      title={made === undefined ? "New API token" : `Token ${made.name}`}
      size={500}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {made === undefined ? (
        <Form create={create} onClose={close} />
      ) : (
        <Shown token={made.token} expiresAt={made.expiresAt} onClose={close} />
      )}
    </Modal>
  );
}

function Form({ create, onClose }: Props) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [expires, setExpires] = useState("90");
  const fields = create.error instanceof ApiError ? create.error.problem.fields : undefined;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({ name: name.trim(), role, expiresInDays: Number(expires) });
      }}
    >
      {create.error && <ErrorNotice error={create.error} what="The token was not made" />}
      <TextInput
        label="Name"
        description="What uses it: it stands in the access record"
        placeholder="siem-export"
        data-autofocus
        required
        withAsterisk={false}
        error={fields?.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Role"
        description={roleNames.find(({ value }) => value === role)?.does}
        data={roleNames.map(({ value, label }) => ({ value, label }))}
        allowDeselect={false}
        error={fields?.role}
        value={role}
        onChange={(value) => value && setRole(value as Role)}
      />
      <Select
        label="Expires after"
        data={days}
        allowDeselect={false}
        error={fields?.expiresInDays}
        value={expires}
        onChange={(value) => value && setExpires(value)}
      />
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
          Make token
        </Button>
      </div>
    </form>
  );
}

function Shown({
  token,
  expiresAt,
  onClose,
}: {
  readonly token: string;
  readonly expiresAt: string;
  readonly onClose: () => void;
}) {
  return (
    <div className={styles.form}>
      <Notice tone="warn" title="Copy it now: it is shown only this once" live>
        The server keeps no copy of it. It is good until {absolute(expiresAt)}.
      </Notice>
      <code className={styles.token}>{token}</code>
      <p className="quiet">
        Send it as <code>Authorization: Bearer …</code>
      </p>
      <div className={styles.buttons}>
        <CopyButton text={token} what="token" word="Copy token" />
        <Button onClick={onClose}>I have kept it</Button>
      </div>
    </div>
  );
}
