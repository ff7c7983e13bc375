import { Button, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { CollectorDetail, CollectorErrorRow } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { useCollectorRepairs } from "../../hooks/useCollector.ts";
import { useMayOperate } from "../../hooks/useSession.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import { sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { QuarantinedText } from "../QuarantinedText/QuarantinedText.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { acknowledgement } from "./acknowledgement.ts";
import styles from "./CollectorErrors.module.css";

const types: Readonly<Record<CollectorErrorRow["type"], string>> = {
  connection: "Connection",
  credential: "Credential",
  file: "File",
  line: "Line",
  gap: "Gap",
  storage: "Storage",
  configuration: "Configuration",
};

/** What is wrong, each with its type, code and what to do; what has been acknowledged is folded away. */
export function CollectorErrors({ collector }: { readonly collector: CollectorDetail }) {
  const [showOld, setShowOld] = useState(false);
  const open = collector.errors.filter(({ acknowledged }) => !acknowledged);
  const old = collector.errors.filter(({ acknowledged }) => acknowledged);
  return (
    <>
      {open.length === 0 && (
        <p className={styles.none}>
          <Icon name="check" /> No open errors.
        </p>
      )}
      <ul>
        {[...open, ...(showOld ? old : [])].map((error) => (
          <ErrorRow
            key={`${error.type} ${error.dataSource} ${error.code} ${error.fileId ?? ""} ${error.id ?? ""}`}
            error={error}
            collector={collector}
          />
        ))}
      </ul>
      {old.length > 0 && (
        <UnstyledButton className={styles.more} aria-expanded={showOld} onClick={() => setShowOld(!showOld)}>
          {showOld ? "Hide" : "Show"} {plural(old.length, "acknowledged error")}
        </UnstyledButton>
      )}
    </>
  );
}

function ErrorRow({ error, collector }: { readonly error: CollectorErrorRow; readonly collector: CollectorDetail }) {
  const [page = "errors", anchor] = error.docs.split("#");
  const title = collector.sources.find(({ name }) => name === error.dataSource)?.title ?? error.dataSource;
  return (
    <li className={styles.error} data-old={error.acknowledged}>
      <div className={styles.kind}>
        <strong>{types[error.type]}</strong>
        <code>{error.type === "line" ? error.code : (error.reason ?? error.code)}</code>
        <span>{title}</span>
      </div>
      <div className={styles.words}>
        <p>{sentence(error.message)}</p>
        {error.action && (
          <p className={styles.action}>
            <strong>What to do: </strong>
            {sentence(error.action)}
          </p>
        )}
        <p className={styles.when}>
          {error.count > 1 ? `${plural(error.count, "time")} since ` : ""}
          <RelativeTime at={error.since} />
          {error.count > 1 && (
            <>
              , last <RelativeTime at={error.at} />
            </>
          )}
          {error.fileId && (
            <>
              {" · "}
              <code>{error.fileId}</code>
            </>
          )}
          {error.acknowledged && " · acknowledged"}
          {" · "}
          <Link to="/docs/$" params={{ _splat: page }} hash={anchor ?? ""}>
            About this error
          </Link>
        </p>
        {error.type === "line" && error.id !== undefined && <Text collectorId={collector.id} id={error.id} />}
      </div>
      <Buttons error={error} collectorId={collector.id} />
    </li>
  );
}

// Opened by hand: reading the text is a reading of content, and stands in the access record.
function Text({ collectorId, id }: { readonly collectorId: string; readonly id: number }) {
  const [open, setOpen] = useState(false);
  const may = useSettingsPermission("events.read") === true;
  if (!may) return <p className={styles.when}>Its text is shown to those who may read events.</p>;
  return (
    <>
      <UnstyledButton className={styles.text} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? "chevronDown" : "chevronRight"} size={13} /> {open ? "Hide the text" : "Show the text"}
      </UnstyledButton>
      {open && <QuarantinedText collectorId={collectorId} id={id} />}
    </>
  );
}

function Buttons({ error, collectorId }: { readonly error: CollectorErrorRow; readonly collectorId: string }) {
  const { retry, acknowledge } = useCollectorRepairs(collectorId);
  const mayOperate = useMayOperate();
  const what = acknowledgement(error);
  const { fileId } = error;
  if (!mayOperate) return null;
  return (
    <div className={styles.buttons}>
      {error.type === "file" && fileId !== undefined && (
        <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate(fileId)}>
          Retry
        </Button>
      )}
      {what !== undefined && (
        <Button size="xs" variant="default" loading={acknowledge.isPending} onClick={() => acknowledge.mutate(what)}>
          Acknowledge
        </Button>
      )}
    </div>
  );
}
