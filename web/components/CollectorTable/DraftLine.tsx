import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api.ts";
import type { DraftRow } from "../../api-types.ts";
import { collectorsKey } from "../../hooks/useCollectors.ts";
import { useConnector } from "../../hooks/useConnectors.ts";
import { ConfirmDialog } from "../ConfirmDialog/ConfirmDialog.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { StateBadge } from "../StateBadge/StateBadge.tsx";
import { useToast } from "../Toast/Toast.tsx";
import { VendorMark } from "../VendorMark/VendorMark.tsx";
import styles from "./CollectorTable.module.css";

/** A draft among the collectors: something half filled in that anybody with the right can go on with. */
export function DraftLine({ draft }: { readonly draft: DraftRow }) {
  const vendor = useConnector(draft.connector).connector?.vendor ?? draft.connectorTitle;
  const name = draft.name ?? "Unnamed draft";
  const target = {
    to: "/collectors/new/$connector",
    params: { connector: draft.connector },
    search: { draft: draft.id },
  } as const;
  return (
    <tr className={styles.draft}>
      <td className={styles.check} />
      <td>
        <Tooltip label={draft.connectorTitle}>
          <span className={styles.type}>
            <VendorMark vendor={vendor} />
            {vendor}
          </span>
        </Tooltip>
      </td>
      <td className={styles.name}>
        <Link {...target} data-row>
          {name}
        </Link>
      </td>
      <td className={styles.number}>–</td>
      <td className="quiet">–</td>
      <td className={styles.status} colSpan={2}>
        <StateBadge health="draft" />
        <span className={styles.reason}>
          Not installed yet, last changed <RelativeTime at={draft.updatedAt} />
        </span>
      </td>
      <td className={styles.number}>–</td>
      <td className={styles.through}>
        <Button size="xs" variant="default" renderRoot={(props) => <Link {...target} {...props} />}>
          Continue
        </Button>
      </td>
      <td className={styles.menu}>
        <Discard draft={draft} name={name} />
      </td>
    </tr>
  );
}

function Discard({ draft, name }: { readonly draft: DraftRow; readonly name: string }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const toast = useToast();
  const discard = useMutation({
    mutationFn: () => api.deleteDraft(draft.id),
    onSuccess: () => {
      toast({ tone: "good", title: `Discarded the draft ${name}` });
      return client.invalidateQueries({ queryKey: collectorsKey });
    },
  });
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={`Discard the draft ${name}`}
        onClick={() => setAsking(true)}
      >
        <Icon name="trash" />
      </ActionIcon>
      <ConfirmDialog
        opened={asking}
        title={`Discard the draft ${name}?`}
        verb="Discard draft"
        destructive
        busy={discard.isPending}
        error={discard.error}
        onConfirm={() => discard.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>What was entered, a stored token included, is deleted. No collector is affected.</p>
      </ConfirmDialog>
    </>
  );
}
