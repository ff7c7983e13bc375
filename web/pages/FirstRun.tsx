import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ApiError } from "../api.ts";
import type { Session } from "../api-types.ts";
import { CopyButton } from "../components/CopyButton/CopyButton.tsx";
import { Doorway } from "../components/Doorway/Doorway.tsx";
import { ErrorNotice, Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { KeyValue } from "../components/KeyValue/KeyValue.tsx";
import { MIN_PASSWORD } from "../form/password.ts";
import { useSession, useSessionActions } from "../hooks/useSession.ts";
import { useSystem } from "../hooks/useSystem.ts";

/** The first start: the set-up token, the administrator, the secret key, then the catalogue. */
export function FirstRun({ onBegin, onDone }: { readonly onBegin: () => void; readonly onDone: () => void }) {
  const session = useSession().data;
  if (session?.account) return <SecretKey onDone={onDone} />;
  return <Administrator onBegin={onBegin} />;
}

function Administrator({ onBegin }: { readonly onBegin: () => void }) {
  const { setup, adopt } = useSessionActions();
  const [token, setToken] = useState(tokenFromAddress);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  useEffect(forgetAddress, []);
  const begin = (session: Session) => {
    onBegin();
    adopt(session);
  };
  const fields = setup.error instanceof ApiError ? setup.error.problem.fields : undefined;
  return (
    <Doorway
      title="Create the administrator"
      line="This server has no accounts yet. The set-up token proves that it is yours."
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setup.mutate({ token: token.trim(), name, password }, { onSuccess: begin });
        }}
      >
        {setup.error && <ErrorNotice error={setup.error} what="The administrator could not be created" />}
        <PasswordInput
          label="Set-up token"
          description="The server printed it on its first start, in the terminal or log where it runs"
          autoComplete="off"
          required
          error={fields?.token}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          autoComplete="username"
          required
          error={fields?.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          description={`At least ${MIN_PASSWORD} characters; a sentence is a good password`}
          autoComplete="new-password"
          required
          minLength={MIN_PASSWORD}
          error={fields?.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={setup.isPending}>
          Create administrator
        </Button>
      </form>
    </Doorway>
  );
}

// `/setup#token=…`: a fragment is never sent to a server, and is taken out of the address at once.
function tokenFromAddress(): string {
  return new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
}

function forgetAddress(): void {
  if (location.hash.includes("token=")) history.replaceState(history.state, "", location.pathname + location.search);
}

function SecretKey({ onDone }: { readonly onDone: () => void }) {
  const system = useSystem();
  const navigate = useNavigate();
  const key = system.data?.secretKey;
  const go = () => {
    void navigate({ to: "/collectors/new" });
    onDone();
  };
  return (
    <Doorway
      title="Back up the secret key"
      line="It encrypts the tokens of your collectors. Backups of the data do not contain it."
    >
      {system.error && <ErrorNotice error={system.error} what="The key's state could not be read" />}
      <KeyValue
        rows={[
          [
            "Key id",
            key?.keyId ? (
              <>
                <code>{key.keyId}</code> <CopyButton text={key.keyId} what="key id" />
              </>
            ) : (
              "made with the first token"
            ),
          ],
          ["Kept in", key?.source === "environment" ? "the server's environment" : "secret.key in the data folder"],
        ]}
      />
      <Notice tone="warn" title="Copy it to a safe place, apart from the data">
        Without it the stored tokens cannot be read after a restore, and have to be entered again. Events stay readable.
      </Notice>
      <Button fullWidth onClick={go}>
        Continue to the catalogue
      </Button>
    </Doorway>
  );
}
