import { Button, TextInput } from "@mantine/core";
import type { GuideStep } from "../../api-types.ts";
import { mailtoUrl, textOf } from "../../form/guide.ts";
import type { Preparation } from "../../hooks/usePreparation.ts";
import { CheckSteps } from "../CheckSteps/CheckSteps.tsx";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { Notice, sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { Rich } from "../Rich/Rich.tsx";
import { GuideInput } from "./GuideFields.tsx";
import styles from "./GuideStep.module.css";

interface Props {
  readonly step: GuideStep;
  readonly preparation: Preparation;
}

/** One step of the prerequisites: what to do on the vendor's side, and what to bring back from there. */
export function GuideStepView({ step, preparation }: Props) {
  const findings = preparation.findings.filter((finding) => finding.step === step.id);
  const general = findings.filter(
    ({ field }) => field === undefined || !step.fields.some(({ name }) => name === field),
  );
  return (
    <>
      <ol className={styles.instructions}>
        {step.instructions.map((text) => (
          <li key={text}>
            <span>
              <Rich text={text} />
            </span>
          </li>
        ))}
      </ol>
      {step.fields.map((field) => (
        <GuideInput key={field.name} field={field} preparation={preparation} findings={findings} />
      ))}
      {general.map(({ tone, text }) => (
        <Notice key={text} tone={tone === "ok" ? "good" : tone === "warn" ? "warn" : "bad"} title={sentence(text)} />
      ))}
      {step.kind === "mail" && <Mail preparation={preparation} />}
      {step.kind === "wait" && <Wait preparation={preparation} />}
    </>
  );
}

const dates = { asked_on: "Sent on", granted_on: "Granted on" } as const;

function Day({ name, preparation }: { readonly name: keyof typeof dates; readonly preparation: Preparation }) {
  const value = textOf(preparation.values, name);
  return (
    <div className={styles.day}>
      <TextInput
        type="date"
        label={dates[name]}
        value={value}
        onChange={(event) => preparation.set({ [name]: event.currentTarget.value })}
      />
      {value === "" && (
        <Button variant="default" onClick={() => preparation.set({ [name]: new Date().toISOString().slice(0, 10) })}>
          Today
        </Button>
      )}
    </div>
  );
}

function Mail({ preparation }: { readonly preparation: Preparation }) {
  const { mail } = preparation;
  if (mail === undefined) {
    return (
      <Notice tone="info" title="The message is written once the earlier steps are filled in">
        It needs both ids, the key's name, its last four characters and who created it.
      </Notice>
    );
  }
  return (
    <>
      <section className={styles.mail} aria-label="Message to support">
        <dl className={styles.mailHead}>
          <dt>To</dt>
          <dd>{mail.to}</dd>
          <dt>Subject</dt>
          <dd>{mail.subject}</dd>
        </dl>
        <pre className={styles.mailBody}>{mail.body}</pre>
        <div className={styles.mailFoot}>
          <CopyButton text={mail.body} what="message" word="Copy message" />
          <Button variant="default" component="a" href={mailtoUrl(mail)} leftSection={<Icon name="mail" size={14} />}>
            Open in mail program
          </Button>
        </div>
      </section>
      <Day name="asked_on" preparation={preparation} />
    </>
  );
}

function Wait({ preparation }: { readonly preparation: Preparation }) {
  const asked = textOf(preparation.values, "asked_on");
  const granted = textOf(preparation.values, "granted_on");
  return (
    <>
      <ol className={styles.progress} aria-label="Approval">
        <li data-done={asked !== ""}>Asked{asked === "" ? ", no day noted yet" : ` on ${asked}`}</li>
        <li data-done={granted !== ""}>{granted === "" ? "Waiting for approval" : `Granted on ${granted}`}</li>
      </ol>
      <Day name="granted_on" preparation={preparation} />
      <AccessCheck preparation={preparation} />
    </>
  );
}

/** Tells whether access is there, with the values entered so far. */
export function AccessCheck({ preparation }: { readonly preparation: Preparation }) {
  const { test, stopTest, runTest } = preparation;
  const running = test.state === "running";
  return (
    <>
      <div>
        <Button variant="default" leftSection={<Icon name="key" />} onClick={running ? stopTest : () => void runTest()}>
          {running ? "Cancel check" : "Check access now"}
        </Button>
      </div>
      <CheckSteps test={test} />
    </>
  );
}
