import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Destination } from "../../api-types.ts";
import { useDestinationActions } from "../../hooks/useDestinations.ts";
import { useNow } from "../../hooks/useNow.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import styles from "../CollectorHead/CollectorHead.module.css";
import { RemoveDestination } from "../DestinationTable/RemoveDestination.tsx";
import { Notice, sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { useTitle } from "../PageHeader/PageHeader.tsx";
import { PhaseBadge } from "../PhaseBadge/PhaseBadge.tsx";
import { deliveryHeadline, phases } from "../PhaseBadge/phases.ts";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { VendorMark } from "../VendorMark/VendorMark.tsx";
import { ManagedByFile } from "./ManagedByFile.tsx";

interface Props {
  readonly destination: Destination;
  readonly kindTitle: string;
}

/** The head of a destination's page: name, state, the one line that matters, and what can be done. */
export function DestinationHead({ destination, kindTitle }: Props) {
  useTitle(destination.name);
  const now = useNow();
  const { name, status, managedBy } = destination;
  return (
    <>
      <header className={styles.head}>
        <VendorMark vendor={kindTitle} size={40} />
        <div className={styles.words}>
          <p className={styles.path}>
            <Link to="/destinations">Destinations</Link>
            <span aria-hidden="true"> / </span>
            {kindTitle}
            {managedBy === "file" && " · managed by file"}
          </p>
          <div className={styles.name}>
            <h1>{name}</h1>
            <PhaseBadge phase={status.phase} filled />
          </div>
          <p className={styles.headline}>{deliveryHeadline(status, now)}</p>
        </div>
        <Actions destination={destination} />
      </header>
      <Problem destination={destination} />
      {managedBy === "file" && <ManagedByFile />}
    </>
  );
}

function Actions({ destination }: Pick<Props, "destination">) {
  const { act } = useDestinationActions();
  const [removing, setRemoving] = useState(false);
  const mayOperate = useSettingsPermission("destinations.operate") === true;
  const mayWrite = useSettingsPermission("destinations.write") === true && destination.managedBy === "console";
  const { id, paused } = destination;
  const doing = act.isPending ? act.variables.action : undefined;
  return (
    <div className={styles.actions}>
      {mayOperate && (
        <Button
          variant={paused ? "filled" : "default"}
          leftSection={<Icon name={paused ? "play" : "pause"} />}
          loading={doing === "pause" || doing === "resume"}
          onClick={() => act.mutate({ target: destination, action: paused ? "resume" : "pause" })}
        >
          {paused ? "Resume" : "Pause"}
        </Button>
      )}
      {mayOperate && !paused && (
        <Button
          variant="default"
          leftSection={<Icon name="refresh" />}
          loading={doing === "try-now"}
          onClick={() => act.mutate({ target: destination, action: "try-now" })}
        >
          Try now
        </Button>
      )}
      {mayWrite && (
        <>
          <Button
            variant="default"
            leftSection={<Icon name="edit" />}
            renderRoot={(props) => <Link to="/destinations/$id/edit" params={{ id }} {...props} />}
          >
            Edit
          </Button>
          <Button variant="default" leftSection={<Icon name="trash" />} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        </>
      )}
      <RemoveDestination destination={destination} opened={removing} onClose={() => setRemoving(false)} />
    </div>
  );
}

function Problem({ destination: { status } }: Pick<Props, "destination">) {
  const { problem, nextAttemptAt, phase } = status;
  if (problem === undefined) return null;
  const tone = phases[phase].tone === "bad" ? "bad" : "warn";
  return (
    <Notice tone={tone} title={sentence(problem.message)}>
      {problem.action !== undefined && <strong>{sentence(problem.action)} </strong>}
      {problem.since !== "" && (
        <>
          Since <RelativeTime at={problem.since} />; what comes in is kept meanwhile.{" "}
        </>
      )}
      {nextAttemptAt !== undefined && (
        <>
          Tried again <RelativeTime at={nextAttemptAt} />.{" "}
        </>
      )}
      <code className="quiet">{problem.reason ?? problem.code}</code>
    </Notice>
  );
}
