import type { CheckStep } from "../../api-types.ts";
import { stepTime } from "../../format/times.ts";
import type { ConnectionTest } from "../../hooks/useConnectionTest.ts";
import { ErrorNotice, Notice, sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./CheckSteps.module.css";

const words = {
  running: "under way",
  ok: "passed",
  warning: "passed with a warning",
  failed: "failed",
  skipped: "skipped",
};

/** A connection test: its steps as they happen, the remedy beside a failed one, and the result. */
export function CheckSteps({ test }: { readonly test: ConnectionTest }) {
  if (test.state === "none") return null;
  return (
    <section aria-label="Connection test" className={styles.test}>
      <ol className={styles.steps} aria-live="polite" aria-busy={test.state === "running"}>
        {test.steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
        {test.state === "running" && test.steps.length === 0 && (
          <Step step={{ id: "begin", title: "Starting the test", state: "running" }} />
        )}
      </ol>
      {test.error && <ErrorNotice error={test.error} what="The connection test could not be finished" />}
      {test.result && (
        <Notice tone={test.result.state === "failed" ? "bad" : "good"} title={test.result.title} live>
          {test.result.detail && sentence(test.result.detail)}
        </Notice>
      )}
    </section>
  );
}

function Step({ step }: { readonly step: CheckStep }) {
  return (
    <li className={styles.step} data-state={step.state}>
      <span className={styles.sign}>
        <Sign state={step.state} />
      </span>
      <div className={styles.body}>
        <div className={styles.title}>
          <span>
            {step.title}
            <span className="visually-hidden">: {words[step.state]}</span>
          </span>
          {step.durationMs !== undefined && <span className={styles.time}>{stepTime(step.durationMs)}</span>}
        </div>
        {step.detail && <p className={styles.detail}>{sentence(step.detail)}</p>}
        {step.remedy && (
          <p className={styles.remedy}>
            <strong>What to do: </strong>
            {sentence(step.remedy)}
          </p>
        )}
      </div>
    </li>
  );
}

function Sign({ state }: { readonly state: CheckStep["state"] }) {
  if (state === "running") return <span className={styles.ring} />;
  if (state === "skipped") return <span className={styles.dash} />;
  return <Icon name={({ ok: "check", warning: "warning", failed: "cross" } as const)[state]} size={14} />;
}
