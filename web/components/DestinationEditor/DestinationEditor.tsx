import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Destination, DestinationKind } from "../../api-types.ts";
import { type DestinationEditing, useDestinationEditor } from "../../hooks/useDestinationEditor.ts";
import { useScrollTo } from "../../hooks/useScrollTo.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import { CheckSteps } from "../CheckSteps/CheckSteps.tsx";
import { DeliveryPreview } from "../DeliveryPreview/DeliveryPreview.tsx";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { Guarantee } from "../Guarantee/Guarantee.tsx";
import styles from "./DestinationEditor.module.css";
import { LeaveGuard } from "./LeaveGuard.tsx";
import { WhatIsSent } from "./WhatIsSent.tsx";
import { WhereTo } from "./WhereTo.tsx";

export interface EditorProps {
  readonly kind: DestinationKind;
  readonly destination: Destination | undefined;
  readonly editing: DestinationEditing;
}

interface Props {
  readonly kind: DestinationKind;
  /** Absent: a new one. */
  readonly destination?: Destination;
  readonly onSaved: (saved: Destination) => void;
  readonly onCancel: () => void;
}

/** Where events go and what of them, a test with a marked event, and a look at stored events as they would be sent. */
export function DestinationEditor({ kind, destination, onSaved, onCancel }: Props) {
  const editing = useDestinationEditor({ kind, destination, onSaved });
  const { test, save, preview } = editing;
  const parts = { kind, destination, editing };
  const tested = useScrollTo(`${test.state} ${test.steps.length} ${save.error?.message ?? ""}`);
  const shown = useScrollTo(`${preview.submittedAt}`);
  return (
    <>
      <LeaveGuard wouldLose={editing.wouldLose} what={destination?.name ?? "the new destination"} />
      <Guarantee kind={kind} />
      <div className={styles.columns}>
        <Card title="Where to">
          <WhereTo {...parts} />
        </Card>
        <Card title="What is sent">
          <WhatIsSent {...parts} />
        </Card>
      </div>
      {test.state !== "none" && (
        <Card title="Connection test">
          <CheckSteps test={test} />
        </Card>
      )}
      {save.error && <ErrorNotice error={save.error} what="The destination was not saved" />}
      <div ref={tested} className={styles.place} />
      <DeliveryPreview {...parts} />
      <div ref={shown} className={styles.place} />
      <Foot {...parts} onCancel={onCancel} />
    </>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={`card ${styles.card}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Foot({ destination, editing, onCancel }: EditorProps & { readonly onCancel: () => void }) {
  const { test, save, preview } = editing;
  const mayRead = useSettingsPermission("events.read") === true;
  const running = test.state === "running";
  return (
    <footer className={styles.foot}>
      <Button variant="default" onClick={running ? editing.stopTest : editing.runTest}>
        {running ? "Cancel test" : "Test connection"}
      </Button>
      {mayRead && (
        <Button variant="default" loading={preview.isPending} onClick={editing.runPreview}>
          Preview
        </Button>
      )}
      <div className={styles.spring} />
      {editing.blocked && (
        <span className={styles.blocked} role="alert">
          Something is missing above
        </span>
      )}
      <Button variant="subtle" color="gray" onClick={onCancel}>
        Cancel
      </Button>
      <Button
        loading={save.isPending}
        disabled={destination !== undefined && !editing.changed}
        onClick={editing.submit}
      >
        {destination ? "Save" : "Add destination"}
      </Button>
    </footer>
  );
}
