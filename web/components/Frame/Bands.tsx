import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, api } from "../../api.ts";
import { bytes } from "../../format/numbers.ts";
import { absolute } from "../../format/times.ts";
import { useSystem } from "../../hooks/useSystem.ts";
import { useZone } from "../../hooks/useZone.ts";
import { ConfirmDialog } from "../ConfirmDialog/ConfirmDialog.tsx";
import { Notice } from "../ErrorNotice/ErrorNotice.tsx";
import styles from "./Frame.module.css";

/** What concerns the whole server: it is away, its disk is full, its key does not fit. */
export function Bands() {
  const { data, error, dataUpdatedAt } = useSystem();
  const { zone } = useZone();
  const offline = error instanceof ApiError && error.status === 0;
  return (
    <div className={styles.bands}>
      {offline && (
        <Notice tone="warn" title="The Cistern server cannot be reached" live>
          {dataUpdatedAt > 0 ? `What you see is as of ${absolute(dataUpdatedAt, zone)}. ` : ""}The console tries again
          by itself.
        </Notice>
      )}
      {data?.disk.paused && (
        <Notice tone="bad" title="Collection is paused: the disk is almost full">
          {bytes(data.disk.freeBytes)} of {bytes(data.disk.totalBytes)} are free. Free some space or add a retention to
          a collector; collection resumes by itself.
        </Notice>
      )}
      {data && data.secretKey.state !== "ok" && <KeyBand state={data.secretKey.state} />}
    </div>
  );
}

function KeyBand({ state }: { readonly state: "missing" | "wrong" }) {
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState("");
  const client = useQueryClient();
  const enter = useMutation({
    mutationFn: () => api.enterSecretKey(value),
    onSuccess: async () => {
      setOpen(false);
      await client.invalidateQueries();
    },
  });
  return (
    <Notice
      tone="bad"
      title={state === "missing" ? "The secret key is missing" : "The secret key does not fit the stored secrets"}
      action={
        <Button size="xs" variant="default" onClick={() => setOpen(true)}>
          Enter the key
        </Button>
      }
    >
      Stored tokens cannot be read, so nothing is collected. Events already stored stay readable.
      <ConfirmDialog
        opened={open}
        title="Enter the secret key"
        verb="Use this key"
        busy={enter.isPending}
        error={enter.error}
        onClose={() => setOpen(false)}
        onConfirm={() => enter.mutate()}
      >
        <PasswordInput
          label="Secret key"
          description="The content of secret.key from your backup"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          autoComplete="off"
        />
      </ConfirmDialog>
    </Notice>
  );
}
