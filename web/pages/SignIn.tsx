import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { Doorway } from "../components/Doorway/Doorway.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { useSession, useSessionActions } from "../hooks/useSession.ts";

/** Name and password; afterwards the page that was asked for is shown. */
export function SignIn() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const { data } = useSession();
  const { signIn } = useSessionActions();
  return (
    <Doorway title="Sign in" foot={data && `Version ${data.version}`}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ name, password });
        }}
      >
        {signIn.error && <ErrorNotice error={signIn.error} what="Signing in did not work" />}
        <TextInput
          label="Name"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </Doorway>
  );
}
