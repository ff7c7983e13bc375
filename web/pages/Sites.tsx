import { ActionIcon, Button, Modal, TextInput, Tooltip } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api.ts";
import type { Site } from "../api-types.ts";
import { ConfirmDialog } from "../components/ConfirmDialog/ConfirmDialog.tsx";
import { CopyButton } from "../components/CopyButton/CopyButton.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice, Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { RelativeTime } from "../components/RelativeTime/RelativeTime.tsx";
import { SkeletonRows } from "../components/Rows/Rows.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { plural } from "../format/numbers.ts";
import { useMayOperate } from "../hooks/useSession.ts";
import { useSiteActions, useSites } from "../hooks/useSites.ts";
import styles from "./Sites.module.css";

type Open = { readonly what: "create" } | { readonly what: "rename" | "delete"; readonly site: Site };

/** Sites: named places or tenants whose name and id stand on the events of their collectors. */
export function Sites() {
  const { data, error, isPending, refetch } = useSites();
  const [open, setOpen] = useState<Open>();
  const mayOperate = useMayOperate();
  const close = () => setOpen(undefined);
  const create = mayOperate && (
    <Button leftSection={<Icon name="plus" />} onClick={() => setOpen({ what: "create" })}>
      New site
    </Button>
  );
  return (
    <div className="page">
      <PageHeader
        title="Sites"
        line="Named places or tenants. A site's name and id are written on every event of its collectors."
        actions={create}
      />
      {error && <ErrorNotice error={error} what="The sites could not be loaded" retry={() => void refetch()} />}
      {data?.length === 0 && (
        <div className="card">
          <EmptyState title="No sites yet" action={create}>
            Sites tell apart environments, for instance with overlapping addresses. Make one here, or while you install
            a collector.
          </EmptyState>
        </div>
      )}
      {(isPending || (data && data.length > 0)) && (
        <div className={`card ${styles.card}`}>
          <table className={styles.table} aria-busy={isPending}>
            <thead>
              <tr>
                <th>Name</th>
                <th>Id</th>
                <th>Collectors</th>
                <th>Created</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {isPending && <SkeletonRows rows={3} columns={5} />}
              {data?.map((site) => (
                <SiteRow key={site.id} site={site} mayOperate={mayOperate} onOpen={setOpen} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open?.what === "create" && <NameDialog onClose={close} />}
      {open?.what === "rename" && <NameDialog site={open.site} onClose={close} />}
      {open?.what === "delete" && <DeleteSite site={open.site} onClose={close} />}
    </div>
  );
}

interface RowProps {
  readonly site: Site;
  readonly mayOperate: boolean;
  readonly onOpen: (open: Open) => void;
}

function SiteRow({ site, mayOperate, onOpen }: RowProps) {
  return (
    <tr>
      <td className={styles.name}>{site.name}</td>
      <td>
        <span className={styles.id}>
          <code>{site.id}</code>
          <CopyButton text={site.id} what={`id of ${site.name}`} />
        </span>
      </td>
      <td>{site.collectors === 0 ? <span className="quiet">none</span> : plural(site.collectors, "collector")}</td>
      <td>
        <RelativeTime at={site.createdAt} />
      </td>
      <td className={styles.actions}>
        {mayOperate && (
          <>
            <Tooltip label="Rename">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={28}
                aria-label={`Rename ${site.name}`}
                onClick={() => onOpen({ what: "rename", site })}
              >
                <Icon name="edit" />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Delete">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={28}
                aria-label={`Delete ${site.name}`}
                onClick={() => onOpen({ what: "delete", site })}
              >
                <Icon name="trash" />
              </ActionIcon>
            </Tooltip>
          </>
        )}
      </td>
    </tr>
  );
}

function NameDialog({ site, onClose }: { readonly site?: Site; readonly onClose: () => void }) {
  const [name, setName] = useState(site?.name ?? "");
  const { create, rename } = useSiteActions();
  const toast = useToast();
  const error = create.error ?? rename.error;
  const field = error instanceof ApiError ? error.problem.fields?.name : undefined;
  const done = (title: string) => ({
    onSuccess: () => {
      toast({ tone: "good", title });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (site) rename.mutate({ id: site.id, name: name.trim() }, done(`Renamed ${site.name} to ${name.trim()}`));
    else create.mutate(name.trim(), done(`Created the site ${name.trim()}`));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={site ? `Rename ${site.name}` : "New site"}
      size={420}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form className="stack" onSubmit={submit}>
        {error && field === undefined && <ErrorNotice error={error} what="The name was not taken" />}
        <TextInput
          label="Name"
          description={
            site ? "Events collected from now on carry the new name; the id stays" : "Unique; the id is made for you"
          }
          data-autofocus
          required
          value={name}
          error={field}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={create.isPending || rename.isPending}
            disabled={name.trim() === "" || name.trim() === site?.name}
          >
            {site ? "Rename" : "Create site"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function DeleteSite({ site, onClose }: { readonly site: Site; readonly onClose: () => void }) {
  const { remove } = useSiteActions();
  const toast = useToast();
  if (site.collectors > 0) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={`${site.name} is in use`}
        size={420}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Notice tone="warn" title={`${plural(site.collectors, "collector")} carry this site`}>
          Give them another site, or none, in their settings; then it can be deleted.
        </Notice>
      </Modal>
    );
  }
  const onSuccess = () => {
    toast({ tone: "good", title: `Deleted the site ${site.name}` });
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={`Delete ${site.name}?`}
      verb="Delete site"
      destructive
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(site.id, { onSuccess })}
      onClose={onClose}
    >
      <p>No collector carries it. Events collected so far keep its name and id.</p>
    </ConfirmDialog>
  );
}
