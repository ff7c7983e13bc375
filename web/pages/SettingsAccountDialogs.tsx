import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import type { Role } from "../api-types.ts";
import { ConfirmDialog } from "../components/ConfirmDialog/ConfirmDialog.tsx";
import { CopyButton } from "../components/CopyButton/CopyButton.tsx";
import { ErrorNotice, Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { roleNames } from "../format/roles.ts";
import { absolute } from "../format/times.ts";
import type { Account, Invited, useSettingsAccounts } from "../hooks/useSettings.ts";
import { invitationLink } from "./invitation.ts";
import styles from "./Settings.module.css";

type Calls = ReturnType<typeof useSettingsAccounts>;

/** Makes an account, and shows the link for its person once. */
export function NewAccountDialog({
  invite,
  onClose,
}: {
  readonly invite: Calls["invite"];
  readonly onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<readonly Role[]>(["viewer"]);
  const close = () => {
    invite.reset();
    onClose();
  };
  const fields = invite.error instanceof ApiError ? invite.error.problem.fields : undefined;
  if (invite.data) return <LinkDialog invited={invite.data} onClose={close} />;
  return (
    <Modal opened onClose={close} title="New account" size={500} closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate({ name: name.trim(), roles });
        }}
      >
        {invite.error && <ErrorNotice error={invite.error} what="The account was not made" />}
        <TextInput
          label="Name"
          description="With it the person signs in; it stands in the access record"
          data-autofocus
          autoComplete="off"
          required
          withAsterisk={false}
          error={fields?.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RolePicker chosen={roles} error={fields?.roles} onChange={setRoles} />
        <div className={styles.buttons}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending} disabled={name.trim() === "" || roles.length === 0}>
            Make account
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface RolesProps {
  readonly account: Account;
  readonly isMe: boolean;
  readonly change: Calls["change"];
  readonly onClose: () => void;
}

/** Gives an account other roles. */
export function RolesDialog({ account, isMe, change, onClose }: RolesProps) {
  const [roles, setRoles] = useState(account.roles);
  const toast = useToast();
  const close = () => {
    change.reset();
    onClose();
  };
  const done = () => {
    toast({ tone: "good", title: `Changed the roles of ${account.name}` });
    close();
  };
  const same = roles.length === account.roles.length && roles.every((role) => account.roles.includes(role));
  return (
    <Modal
      opened
      onClose={close}
      title={`Roles of ${account.name}`}
      size={500}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ account, roles }, { onSuccess: done });
        }}
      >
        {change.error && <ErrorNotice error={change.error} what="The roles were not changed" />}
        <RolePicker chosen={roles} onChange={setRoles} />
        <p className="quiet">
          {isMe ? "You have to sign in again." : "Its sessions end: the person has to sign in again."}
        </p>
        <div className={styles.buttons}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={same || roles.length === 0}>
            Change roles
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface PickerProps {
  readonly chosen: readonly Role[];
  readonly error?: string | undefined;
  readonly onChange: (roles: readonly Role[]) => void;
}

function RolePicker({ chosen, error, onChange }: PickerProps) {
  return (
    <Checkbox.Group
      label="Roles"
      error={error ?? (chosen.length === 0 && "Choose at least one role")}
      value={[...chosen]}
      onChange={(values) => onChange(values as Role[])}
    >
      <div className={styles.roles}>
        {roleNames.map(({ value, label, does }) => (
          <Checkbox key={value} size="xs" value={value} label={label} description={does} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

interface ResetProps {
  readonly account: Account;
  readonly reset: Calls["reset"];
  readonly onClose: () => void;
}

/** Takes a password away and shows the link to choose another, once. */
export function ResetDialog({ account, reset, onClose }: ResetProps) {
  const close = () => {
    reset.reset();
    onClose();
  };
  if (reset.data) return <LinkDialog invited={reset.data} onClose={close} />;
  return (
    <ConfirmDialog
      opened
      title={`Reset the password of ${account.name}?`}
      verb="Reset password"
      destructive
      busy={reset.isPending}
      error={reset.error}
      onClose={close}
      onConfirm={() => reset.mutate(account)}
    >
      <p>
        The present password loses its force and every session ends at once. You get a link with which the person
        chooses another one; an earlier link is no longer good.
      </p>
    </ConfirmDialog>
  );
}

function LinkDialog({ invited, onClose }: { readonly invited: Invited; readonly onClose: () => void }) {
  const { account, invitation } = invited;
  const link = invitationLink(location.origin, { token: invitation.token, name: account.name });
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={`A link for ${account.name}`}
      size={500}
    >
      <div className={styles.form}>
        <Notice tone="warn" title="Copy it now: it is shown only this once" live>
          Whoever has it can choose the password, so hand it to {account.name} alone. It is good once, until{" "}
          {absolute(invitation.expiresAt)}.
        </Notice>
        <code className={styles.token}>{link}</code>
        <div className={styles.buttons}>
          <CopyButton text={link} what="link" word="Copy link" />
          <Button onClick={onClose}>I have kept it</Button>
        </div>
      </div>
    </Modal>
  );
}
