import { Button, PasswordInput, Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../api.ts";
import { CopyButton } from "../components/CopyButton/CopyButton.tsx";
import { ErrorNotice, Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { KeyValue } from "../components/KeyValue/KeyValue.tsx";
import { AbsoluteTime } from "../components/RelativeTime/RelativeTime.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { percent, plural } from "../format/numbers.ts";
import { duration } from "../format/times.ts";
import { useNow } from "../hooks/useNow.ts";
import { type SystemReport, useSettingsKey, useSettingsPermission, useSettingsSystem } from "../hooks/useSettings.ts";
import styles from "./Settings.module.css";
import { DiskMeter } from "./SettingsDisk.tsx";

/** Version, disk, search index and secret key of the server. */
export function SettingsSystem() {
  const { data, error, refetch } = useSettingsSystem();
  if (error && !data)
    return <ErrorNotice error={error} what="The state of the server could not be read" retry={() => void refetch()} />;
  if (!data) {
    return (
      <div className={styles.cards}>
        {[172, 172, 132, 132].map((height, card) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <Skeleton key={card} height={height} radius={8} />
        ))}
      </div>
    );
  }
  return (
    <div className={styles.cards}>
      <div className="stack">
        <DiskMeter disk={data.disk} />
        <Index search={data.search} />
      </div>
      <div className="stack">
        <SecretKey state={data.secretKey} />
        <Server system={data} />
      </div>
    </div>
  );
}

function Server({ system }: { readonly system: SystemReport }) {
  const now = useNow();
  const seconds = Math.max(0, (now - Date.parse(system.startedAt)) / 1_000);
  return (
    <section className={`card ${styles.card}`}>
      <h2>Server</h2>
      <KeyValue
        rows={[
          ["Version", system.version],
          [
            "Running",
            <span key="running">
              for {duration(seconds)}, since <AbsoluteTime at={system.startedAt} />
            </span>,
          ],
          ["Address", system.publicUrl ?? location.origin],
          ["Data", system.demo ? "made up, for the demo" : "real"],
        ]}
      />
    </section>
  );
}

function Index({ search }: { readonly search: SystemReport["search"] }) {
  const { indexedSeq, lastSeq, rebuilding } = search;
  const left = Math.max(0, lastSeq - indexedSeq);
  const share = lastSeq === 0 ? 1 : indexedSeq / lastSeq;
  return (
    <section className={`card ${styles.card}`}>
      <h2>Search index</h2>
      <p>
        {rebuilding
          ? "It is being built anew."
          : left === 0
            ? "Every stored event can be found."
            : `${plural(left, "stored event")} cannot be found yet.`}
      </p>
      <div className={styles.share}>
        <progress value={share} max={1} aria-label="Share of the log that is indexed" />
        <span>{percent(share)}</span>
      </div>
      <p className="quiet">
        The index is made from the store. It can be deleted and is then built again; no event is lost with it.
      </p>
    </section>
  );
}

const states = {
  ok: ["good", "check", "It fits the stored secrets"],
  missing: ["bad", "warning", "It is missing"],
  wrong: ["bad", "warning", "It does not fit the stored secrets"],
} as const;

function SecretKey({ state }: { readonly state: SystemReport["secretKey"] }) {
  const [tone, icon, words] = states[state.state];
  return (
    <section className={`card ${styles.card}`}>
      <h2>Secret key</h2>
      <p className={styles.state} data-tone={tone}>
        <Icon name={icon} /> {words}
      </p>
      <KeyValue
        rows={[
          [
            "Key id",
            state.keyId === undefined ? (
              "made with the first token"
            ) : (
              <span key="id" className={styles.id}>
                <code>{state.keyId}</code> <CopyButton text={state.keyId} what="key id" />
              </span>
            ),
          ],
          ["Kept in", state.source === "environment" ? "the server's environment" : "secret.key in the data folder"],
        ]}
      />
      {state.state === "ok" ? (
        <p className="quiet">
          It encrypts the tokens of your collectors. Keep a copy apart from the data: backups do not hold it unless
          asked.
        </p>
      ) : (
        <KeyForm keyId={state.keyId} />
      )}
    </section>
  );
}

function KeyForm({ keyId }: { readonly keyId: string | undefined }) {
  const [value, setValue] = useState("");
  const enter = useSettingsKey();
  const toast = useToast();
  const allowed = useSettingsPermission("secret-key.write");
  const field = enter.error instanceof ApiError ? enter.error.problem.fields?.value : undefined;
  if (allowed === false) return <Notice tone="warn" title="An administrator can enter the key anew" />;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate(value.trim(), {
          onSuccess: () => {
            setValue("");
            toast({ tone: "good", title: "The secret key fits", text: "The collectors go on by themselves." });
          },
        });
      }}
    >
      <p>
        Stored tokens cannot be read, so their collectors stand still. Events stay readable. Enter the key with the id{" "}
        {keyId === undefined ? "of the stored secrets" : <code>{keyId}</code>} from your backup, or enter each
        collector's token anew.{" "}
        <Link to="/docs/$" params={{ _splat: "errors" }} hash="secret_key_missing">
          More about it
        </Link>
      </p>
      {enter.error && field === undefined && <ErrorNotice error={enter.error} what="The key was not taken" />}
      <PasswordInput
        label="Secret key"
        description="The content of secret.key"
        autoComplete="off"
        required
        withAsterisk={false}
        error={field}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button className={styles.start ?? ""} type="submit" loading={enter.isPending} disabled={value.trim() === ""}>
        Use this key
      </Button>
    </form>
  );
}
