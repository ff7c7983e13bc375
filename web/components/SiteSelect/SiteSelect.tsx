import { Button, Select, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../../api.ts";
import { useSiteActions, useSites } from "../../hooks/useSites.ts";
import styles from "./SiteSelect.module.css";

interface Props {
  readonly value: string | null;
  readonly onChange: (siteId: string | null) => void;
  readonly error?: string | undefined;
}

/** Chooses a site, or makes one on the spot. */
export function SiteSelect({ value, onChange, error }: Props) {
  const { data, error: loading } = useSites();
  const [managing, setManaging] = useState(false);
  return (
    <div>
      <Select
        label="Site"
        description="Optional. Its name and id are written on every event, to tell apart environments with overlapping addresses"
        placeholder={data?.length === 0 ? "No site yet" : "No site"}
        searchable
        clearable
        nothingFoundMessage="No site of this name"
        data={(data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={value}
        onChange={onChange}
        error={error ?? (loading && "The sites could not be loaded")}
      />
      <UnstyledButton className={styles.manage} aria-expanded={managing} onClick={() => setManaging(!managing)}>
        Manage your sites
      </UnstyledButton>
      {managing && (
        <NewSite
          onCreated={(id) => {
            onChange(id);
            setManaging(false);
          }}
        />
      )}
    </div>
  );
}

function NewSite({ onCreated }: { readonly onCreated: (id: string) => void }) {
  const [name, setName] = useState("");
  const { create } = useSiteActions();
  const add = () => {
    if (name.trim() !== "") create.mutate(name.trim(), { onSuccess: ({ id }) => onCreated(id) });
  };
  const problem =
    create.error instanceof ApiError
      ? (create.error.problem.fields?.name ?? create.error.problem.detail)
      : create.error?.message;
  return (
    <div className={styles.box}>
      <div className={styles.row}>
        <TextInput
          className={styles.name ?? ""}
          label="New site"
          placeholder="headquarters"
          value={name}
          error={problem}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button variant="default" loading={create.isPending} disabled={name.trim() === ""} onClick={add}>
          Create site
        </Button>
      </div>
      <p className={styles.line}>
        Names are unique; the id is made for you. Rename and delete on the{" "}
        <a href="/sites" target="_blank" rel="noreferrer">
          Sites page
        </a>
        .
      </p>
    </div>
  );
}
