import { Button, Modal, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, api } from "../../api.ts";
import { MIN_PASSWORD } from "../../form/password.ts";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { useToast } from "../Toast/Toast.tsx";
import styles from "./ChangePassword.module.css";

/** The own password, with the present one. */
export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const toast = useToast();
  const change = useMutation({
    mutationFn: api.changePassword,
    onSuccess: () => {
      toast({ tone: "good", title: "Changed your password", text: "Your other sessions have ended." });
      onClose();
    },
  });
  const fields = change.error instanceof ApiError ? change.error.problem.fields : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Change your password"
      size={440}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ current, password });
        }}
      >
        {change.error && <ErrorNotice error={change.error} what="The password was not changed" />}
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          data-autofocus
          required
          withAsterisk={false}
          error={fields?.current}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description={`At least ${MIN_PASSWORD} characters; a sentence is a good password`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={MIN_PASSWORD}
          error={fields?.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Modal>
  );
}
