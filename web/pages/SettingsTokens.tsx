import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import { ConfirmDialog } from "../components/ConfirmDialog/ConfirmDialog.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { RelativeTime } from "../components/RelativeTime/RelativeTime.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { useNow } from "../hooks/useNow.ts";
import { type Token, useSettingsTokens } from "../hooks/useSettings.ts";
import { Forbidden } from "./NotFound.tsx";
import styles from "./Settings.module.css";
import { NewTokenDialog } from "./SettingsNewToken.tsx";

/** The tokens with which programs use the HTTP API: make one, see which are in use, revoke. */
export function SettingsTokens() {
  const { list, create, revoke } = useSettingsTokens();
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Token>();
  const toast = useToast();
  if (list.error instanceof ApiError && list.error.status === 403) return <Forbidden />;
  const button = (
    <Button leftSection={<Icon name="plus" />} onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  return (
    <>
      {list.data && list.data.length > 0 && <div className={styles.above}>{button}</div>}
      {list.error && (
        <ErrorNotice error={list.error} what="The tokens could not be loaded" retry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton height={148} radius={8} />}
      {list.data && (
        <div className={`card ${styles.table}`}>
          {list.data.length === 0 ? (
            <EmptyState title="No API token yet" action={button}>
              Tokens for your SIEM, your metrics or your scripts will stand here, with their role and when they were
              last used.
            </EmptyState>
          ) : (
            <TokenTable tokens={list.data} onRevoke={setLeaving} />
          )}
        </div>
      )}
      {making && <NewTokenDialog create={create} onClose={() => setMaking(false)} />}
      <ConfirmDialog
        opened={leaving !== undefined}
        title={`Revoke ${leaving?.name ?? ""}?`}
        verb="Revoke token"
        destructive
        busy={revoke.isPending}
        error={revoke.error}
        onClose={() => setLeaving(undefined)}
        onConfirm={() =>
          leaving &&
          revoke.mutate(leaving, {
            onSuccess: () => {
              toast({ tone: "good", title: `Revoked ${leaving.name}` });
              setLeaving(undefined);
            },
          })
        }
      >
        <p>Whatever uses it is refused from the next request on. This cannot be taken back.</p>
      </ConfirmDialog>
    </>
  );
}

function TokenTable({
  tokens,
  onRevoke,
}: {
  readonly tokens: readonly Token[];
  readonly onRevoke: (token: Token) => void;
}) {
  const now = useNow();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">Created</th>
          <th scope="col">Last used</th>
          <th scope="col">Expires</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <td>
              <strong>{token.name}</strong>
            </td>
            <td>{token.role}</td>
            <td>
              <RelativeTime at={token.createdAt} /> <span className="quiet">by {token.createdBy}</span>
            </td>
            <td>
              <RelativeTime at={token.lastUsedAt} none="never" />
            </td>
            <td>
              {Date.parse(token.expiresAt) <= now ? (
                <span className={styles.soon}>expired</span>
              ) : (
                <RelativeTime at={token.expiresAt} />
              )}
            </td>
            <td className={styles.actions}>
              <Button size="xs" variant="default" aria-label={`Revoke ${token.name}`} onClick={() => onRevoke(token)}>
                Revoke
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
