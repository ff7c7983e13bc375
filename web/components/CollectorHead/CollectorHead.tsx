import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CollectorDetail } from "../../api-types.ts";
import { headline } from "../../format/headline.ts";
import { absolute } from "../../format/times.ts";
import { useCollectorActions } from "../../hooks/useCollectors.ts";
import { useNow } from "../../hooks/useNow.ts";
import { useMayOperate } from "../../hooks/useSession.ts";
import { useZone } from "../../hooks/useZone.ts";
import { CollectorMenu } from "../CollectorMenu/CollectorMenu.tsx";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { Notice, sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Vessel } from "../Gauge/Gauge.tsx";
import { HealthEvidence, LossCountdown } from "../HealthEvidence/HealthEvidence.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { useTitle } from "../PageHeader/PageHeader.tsx";
import { StateBadge } from "../StateBadge/StateBadge.tsx";
import { states } from "../StateBadge/states.ts";
import styles from "./CollectorHead.module.css";

/** The head of a collector's page: gauge, name, the one line that matters, its state, and what to do. */
export function CollectorHead({ collector }: { readonly collector: CollectorDetail }) {
  useTitle(collector.name);
  const now = useNow();
  const { zone } = useZone();
  return (
    <>
      <header className={styles.head}>
        <Vessel
          share={collector.completeShare}
          pending={collector.pendingFiles > 0}
          lost={collector.lost}
          size="large"
        />
        <div className={styles.words}>
          <p className={styles.path}>
            <Link to="/collectors">Collectors</Link>
            <span aria-hidden="true"> / </span>
            {collector.connectorTitle}
            {collector.site && ` · ${collector.site.name}`}
            {collector.managedBy === "file" && " · managed by file"}
          </p>
          <div className={styles.name}>
            <h1>{collector.name}</h1>
            <StateBadge health={collector.health} filled />
          </div>
          <p className={styles.headline} title={collector.completeThrough && absolute(collector.completeThrough, zone)}>
            {headline(collector, now, zone)}
            {isCalm(collector) && <span className={styles.reason}> {sentence(collector.reason)}</span>}
          </p>
        </div>
        <Actions collector={collector} />
      </header>
      <Reason collector={collector} />
    </>
  );
}

function Actions({ collector }: { readonly collector: CollectorDetail }) {
  const { act } = useCollectorActions();
  const mayOperate = useMayOperate();
  const locked = !mayOperate || collector.managedBy === "file";
  const action = collector.paused ? "resume" : "pause";
  return (
    <div className={styles.actions}>
      {!locked && (
        <>
          <Button
            variant={collector.paused ? "filled" : "default"}
            leftSection={<Icon name={collector.paused ? "play" : "pause"} />}
            loading={act.isPending}
            onClick={() => act.mutate({ targets: [collector], action })}
          >
            {collector.paused ? "Start" : "Stop"}
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="edit" />}
            renderRoot={(props) => (
              <Link to="/collectors/$id/edit" params={{ id: collector.id }} search={true} {...props} />
            )}
          >
            Edit
          </Button>
        </>
      )}
      <CollectorMenu collector={collector} withStart={false} />
    </div>
  );
}

const faults: Readonly<Record<CollectorDetail["fault"], string | undefined>> = {
  none: undefined,
  us: "Cistern itself",
  network: "your network",
  upstream: "upstream",
  key: "your key",
  configuration: "the configuration",
  disk: "this machine",
};

// A state that needs nobody is told quietly beside the headline; the others stand in a frame with what to do.
const isCalm = ({ health, cause }: CollectorDetail) =>
  !["warn", "bad", "upstream"].includes(states[health].tone) && cause !== "unusually_quiet";

function Reason({ collector }: { readonly collector: CollectorDetail }) {
  const { health, cause, reason, action, fault, support, headroom } = collector;
  const loss = headroom !== undefined && headroom.level !== "ok";
  if (isCalm(collector) && !loss) return null;
  const at = faults[fault];
  const tone = cause === "unusually_quiet" || isCalm(collector) ? "warn" : states[health].tone;
  return (
    <Notice
      tone={tone as "warn" | "bad" | "upstream"}
      title={sentence(reason)}
      action={support !== undefined && <CopyButton text={support} what="message" word="Copy message to support" />}
    >
      {action && <strong>{sentence(action)} </strong>}
      {at && `The cause lies with ${at}. `}
      {loss && (
        <>
          <LossCountdown headroom={headroom} /> Upstream then deletes the oldest of what is not collected yet.
        </>
      )}
      <HealthEvidence told={collector} banner />
    </Notice>
  );
}
