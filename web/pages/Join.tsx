import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import { Doorway } from "../components/Doorway/Doorway.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { MIN_PASSWORD } from "../form/password.ts";
import { useSessionActions } from "../hooks/useSession.ts";
import type { Invitation } from "./invitation.ts";

/** Where an invitation leads: its person chooses a password, and is signed in. */
export function Join({ invitation, onDone }: { readonly invitation: Invitation; readonly onDone: () => void }) {
  const { accept, adopt } = useSessionActions();
  const [password, setPassword] = useState("");
  const problem = accept.error instanceof ApiError ? accept.error.problem : undefined;
  const spent = problem?.code === "invitation_wrong";
  return (
    <Doorway title="Choose your password" line="An administrator of this server has made an account for you.">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const { token } = invitation;
          const done = (session: Parameters<typeof adopt>[0]) => {
            adopt(session);
            onDone();
          };
          accept.mutate({ token, password }, { onSuccess: done });
        }}
      >
        {accept.error && <ErrorNotice error={accept.error} what="The password was not set" />}
        <TextInput
          label="Name"
          description="With it you sign in"
          autoComplete="username"
          readOnly
          value={invitation.name}
        />
        <PasswordInput
          label="Password"
          description={`At least ${MIN_PASSWORD} characters; a sentence is a good password`}
          autoComplete="new-password"
          autoFocus
          required
          withAsterisk={false}
          minLength={MIN_PASSWORD}
          disabled={spent}
          error={problem?.fields?.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={accept.isPending} disabled={spent}>
          Set password and sign in
        </Button>
        <Button variant="subtle" fullWidth onClick={onDone}>
          {spent ? "Go to the sign-in" : "Not now"}
        </Button>
      </form>
    </Doorway>
  );
}
