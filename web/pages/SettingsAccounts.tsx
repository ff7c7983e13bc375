import { ActionIcon, Button, Menu, Skeleton } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import { ConfirmDialog } from "../components/ConfirmDialog/ConfirmDialog.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { RelativeTime } from "../components/RelativeTime/RelativeTime.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { rolesText } from "../format/roles.ts";
import { useNow } from "../hooks/useNow.ts";
import { useSession } from "../hooks/useSession.ts";
import { type Account, useSettingsAccounts, useSettingsPermission } from "../hooks/useSettings.ts";
import { Forbidden } from "./NotFound.tsx";
import styles from "./Settings.module.css";
import { NewAccountDialog, ResetDialog, RolesDialog } from "./SettingsAccountDialogs.tsx";

type Doing = { readonly what: "roles" | "reset" | "remove"; readonly account: Account } | { readonly what: "invite" };

/** Who can sign in, with which roles; inviting people, and what can be done with their accounts. */
export function SettingsAccounts() {
  const calls = useSettingsAccounts();
  const { data, error, isPending, refetch } = calls.list;
  const me = useSession().data?.account?.name;
  const mayWrite = useSettingsPermission("accounts.write") === true;
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  const button = (
    <Button leftSection={<Icon name="plus" />} onClick={() => setDoing({ what: "invite" })}>
      New account
    </Button>
  );
  return (
    <>
      <div className={styles.above}>
        <p className={`quiet ${styles.lead}`}>
          Reading events is a permission of its own: the role Analyst has it, the role Administrator alone has not.
        </p>
        {mayWrite && data && data.length > 1 && button}
      </div>
      {error && <ErrorNotice error={error} what="The accounts could not be loaded" retry={() => void refetch()} />}
      {isPending && <Skeleton height={112} radius={8} />}
      {data && (
        <div className={`card ${styles.table}`}>
          <AccountTable accounts={data} me={me} mayWrite={mayWrite} onDo={setDoing} />
          {mayWrite && data.length === 1 && (
            <EmptyState title="Nobody else can sign in yet" action={button}>
              The accounts of your colleagues will stand here. Each gets a link and chooses a password; none is shared.
            </EmptyState>
          )}
        </div>
      )}
      {doing?.what === "invite" && <NewAccountDialog invite={calls.invite} onClose={close} />}
      {doing?.what === "roles" && (
        <RolesDialog account={doing.account} isMe={doing.account.name === me} change={calls.change} onClose={close} />
      )}
      {doing?.what === "reset" && <ResetDialog account={doing.account} reset={calls.reset} onClose={close} />}
      {doing?.what === "remove" && (
        <RemoveDialog account={doing.account} isMe={doing.account.name === me} remove={calls.remove} onClose={close} />
      )}
    </>
  );
}

interface TableProps {
  readonly accounts: readonly Account[];
  readonly me: string | undefined;
  readonly mayWrite: boolean;
  readonly onDo: (doing: Doing) => void;
}

function AccountTable({ accounts, me, mayWrite, onDo }: TableProps) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Roles</th>
          <th scope="col" className={styles.later}>
            Created
          </th>
          <th scope="col" className={styles.later}>
            Last sign-in
          </th>
          {mayWrite && (
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr key={account.id}>
            <td>
              <strong>{account.name}</strong> {account.name === me && <span className="quiet">(you)</span>}
              <Pending account={account} />
            </td>
            <td>{rolesText(account.roles)}</td>
            <td className={styles.later}>
              <RelativeTime at={account.createdAt} />
            </td>
            <td className={styles.later}>
              <RelativeTime at={account.lastSignInAt} none="never" />
            </td>
            {mayWrite && (
              <td className={styles.actions}>
                <Actions account={account} isMe={account.name === me} onDo={onDo} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Pending({ account: { invitedUntil } }: { readonly account: Account }) {
  const now = useNow();
  if (invitedUntil === undefined) return null;
  return (
    <div className={styles.pending}>
      {Date.parse(invitedUntil) > now ? (
        <>
          Has to choose a password; the link expires <RelativeTime at={invitedUntil} />
        </>
      ) : (
        <span className={styles.soon}>The link has expired; reset the password to make a new one</span>
      )}
    </div>
  );
}

interface ActionsProps {
  readonly account: Account;
  readonly isMe: boolean;
  readonly onDo: (doing: Doing) => void;
}

function Actions({ account, isMe, onDo }: ActionsProps) {
  return (
    <Menu width={190} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={`More about ${account.name}`}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="edit" />} onClick={() => onDo({ what: "roles", account })}>
          Change roles
        </Menu.Item>
        {!isMe && (
          <Menu.Item leftSection={<Icon name="key" />} onClick={() => onDo({ what: "reset", account })}>
            Reset password
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="trash" />}
          data-tone="bad"
          onClick={() => onDo({ what: "remove", account })}
        >
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface RemoveProps {
  readonly account: Account;
  readonly isMe: boolean;
  readonly remove: ReturnType<typeof useSettingsAccounts>["remove"];
  readonly onClose: () => void;
}

function RemoveDialog({ account, isMe, remove, onClose }: RemoveProps) {
  const toast = useToast();
  const close = () => {
    remove.reset();
    onClose();
  };
  const done = () => {
    toast({ tone: "good", title: `Removed ${account.name}` });
    close();
  };
  return (
    <ConfirmDialog
      opened
      title={`Remove ${account.name}?`}
      verb="Remove account"
      destructive
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() => remove.mutate(account, { onSuccess: done })}
    >
      <p>
        {isMe ? "You are signed out at once and cannot sign in again." : "Every session of the account ends at once."}{" "}
        What was done with it stays in the access record. API tokens that were made with it stay in force: revoke them
        under API tokens.
      </p>
    </ConfirmDialog>
  );
}
