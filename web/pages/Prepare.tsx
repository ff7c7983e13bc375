import { Button, Skeleton } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Connector, Draft, Guide, GuideStep } from "../api-types.ts";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice, Notice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { AccessCheck, GuideStepView } from "../components/GuideStep/GuideStepView.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { type StepState, stepState, stepsFor } from "../form/guide.ts";
import { useConnector } from "../hooks/useConnectors.ts";
import { useDraft } from "../hooks/useDraft.ts";
import { type Preparation, usePreparation } from "../hooks/usePreparation.ts";
import styles from "./Prepare.module.css";

const from = "/collectors/new/$connector/prepare";

/** The prerequisites on the vendor's side as a wizard; anybody with the right can go on with a draft of it. */
export function Prepare() {
  const { connector: name } = useParams({ from });
  const { draft: draftId } = useSearch({ from });
  const { connector, missing, error } = useConnector(name);
  const draft = useDraft(draftId);
  const problem = error ?? draft.error;
  if (problem)
    return <ErrorNotice error={problem} what="The guide could not be opened" retry={() => void draft.refetch()} />;
  if (missing || (connector && !connector.guide))
    return <EmptyState title="There is no guide">This connector needs no preparation.</EmptyState>;
  if (!connector?.guide || (draftId !== undefined && !draft.data)) return <Skeleton height={480} radius={8} />;
  return <Wizard connector={connector} guide={connector.guide} draft={draft.data} />;
}

interface WizardProps {
  readonly connector: Connector;
  readonly guide: Guide;
  readonly draft: Draft | undefined;
}

function Wizard({ connector, guide, draft }: WizardProps) {
  const search = useSearch({ from });
  const navigate = useNavigate();
  const to = { to: from, params: { connector: connector.name } } as const;
  const preparation = usePreparation({
    connector,
    draft,
    onDraft: ({ id }) => void navigate({ ...to, search: (before) => ({ ...before, draft: id }), replace: true }),
  });
  const { values, secrets, findings } = preparation;
  const steps = stepsFor(guide, values);
  const index = Math.max(
    0,
    steps.findIndex(({ id }) => id === search.step),
  );
  const step = steps[index];
  const go = (next: GuideStep) => void navigate({ ...to, search: (before) => ({ ...before, step: next.id }) });
  if (step === undefined) return null;
  return (
    <div className="page">
      <PageHeader title={guide.title} line={guide.audience} above={<Back connector={connector} draft={draft} />} />
      <div className={styles.wizard}>
        <StepList
          steps={steps}
          current={index}
          go={go}
          stateOf={(each) => stepState(each, { values, secrets }, findings)}
        />
        <section className={`card ${styles.step}`} aria-labelledby="step-title">
          <StepTitle key={step.id} index={index} total={steps.length} title={step.title} />
          <GuideStepView key={`view ${step.id}`} step={step} preparation={preparation} />
          {index === steps.length - 1 && index > 0 && step.kind !== "wait" && <AccessCheck preparation={preparation} />}
          {preparation.saver.error && (
            <ErrorNotice error={preparation.saver.error} what="What you entered could not be saved" />
          )}
          <Foot steps={steps} index={index} go={go} preparation={preparation} connector={connector} draft={draft} />
        </section>
        <aside className={styles.notes} aria-label="Advice">
          {step.notes.map((note) => (
            <Notice key={note.title} tone={note.tone} title={note.title}>
              {note.text}
            </Notice>
          ))}
        </aside>
      </div>
    </div>
  );
}

function Back({ connector, draft }: { readonly connector: Connector; readonly draft: Draft | undefined }) {
  return (
    <Link
      className={styles.back}
      to="/collectors/new/$connector"
      params={{ connector: connector.name }}
      search={draft ? { draft: draft.id } : {}}
    >
      <Icon name="arrowLeft" size={14} /> New {connector.title} collector
    </Link>
  );
}

// The title takes the focus when the step changes, so that a screen reader begins there.
function StepTitle({
  index,
  total,
  title,
}: {
  readonly index: number;
  readonly total: number;
  readonly title: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (index > 0) heading.current?.focus();
  }, [index]);
  return (
    <div>
      <p className={styles.count}>
        Step {index + 1} of {total}
      </p>
      <h2 id="step-title" ref={heading} tabIndex={-1} className={styles.title}>
        {title}
      </h2>
    </div>
  );
}

const stateWords: Readonly<Record<StepState, string>> = { open: "open", done: "done", blocked: "needs attention" };

interface StepListProps {
  readonly steps: readonly GuideStep[];
  readonly current: number;
  readonly go: (step: GuideStep) => void;
  readonly stateOf: (step: GuideStep) => StepState;
}

function StepList({ steps, current, go, stateOf }: StepListProps) {
  return (
    <nav className={styles.list} aria-label="Steps">
      <ol>
        {steps.map((step, index) => {
          const state = stateOf(step);
          return (
            <li key={step.id}>
              <button
                type="button"
                className={styles.entry}
                data-state={state}
                aria-current={index === current ? "step" : undefined}
                onClick={() => go(step)}
              >
                <span className={styles.dot}>
                  {state === "open" ? index + 1 : <Icon name={state === "done" ? "check" : "warning"} size={13} />}
                </span>
                <span>
                  {step.title}
                  <span className="visually-hidden"> ({stateWords[state]})</span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

interface FootProps {
  readonly steps: readonly GuideStep[];
  readonly index: number;
  readonly go: (step: GuideStep) => void;
  readonly preparation: Preparation;
  readonly connector: Connector;
  readonly draft: Draft | undefined;
}

function Foot({ steps, index, go, preparation, connector, draft }: FootProps) {
  const navigate = useNavigate();
  const before = steps[index - 1];
  const next = steps[index + 1];
  const blocked = preparation.findings.some(({ step, blocks }) => blocks && step === steps[index]?.id);
  const toForm = async () => {
    const id = (await preparation.saver.flush()) ?? draft?.id;
    await navigate({
      to: "/collectors/new/$connector",
      params: { connector: connector.name },
      search: id === undefined ? {} : { draft: id },
    });
  };
  return (
    <div className={styles.foot}>
      {before && (
        <Button variant="default" onClick={() => go(before)}>
          Back
        </Button>
      )}
      <span className={styles.saved}>
        {preparation.saver.savedAt === undefined ? "" : "Saved; another person can go on from here"}
      </span>
      {next ? (
        <Button disabled={blocked} rightSection={<Icon name="arrowRight" />} onClick={() => go(next)}>
          {blocked ? "Mend what is marked first" : "Next"}
        </Button>
      ) : (
        <Button
          disabled={blocked || index === 0}
          rightSection={<Icon name="arrowRight" />}
          onClick={() => void toForm()}
        >
          Go on to the collector form
        </Button>
      )}
    </div>
  );
}
