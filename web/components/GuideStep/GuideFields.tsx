import { Button, PasswordInput, Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import type { GuideField, GuideFinding } from "../../api-types.ts";
import { textOf } from "../../form/guide.ts";
import type { Preparation } from "../../hooks/usePreparation.ts";
import { sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./GuideStep.module.css";

interface Props {
  readonly field: GuideField;
  readonly preparation: Preparation;
  readonly findings: readonly GuideFinding[];
}

/** One field of the wizard with what the server makes of its value. */
export function GuideInput({ field, preparation, findings }: Props) {
  const own = findings.filter((finding) => finding.field === field.name);
  const wrong = own.find(({ tone }) => tone === "error");
  return (
    <div>
      <Input field={field} preparation={preparation} error={wrong && sentence(wrong.text)} />
      {own
        .filter(({ tone }) => tone !== "error")
        .map(({ tone, text }) => (
          <p key={text} className={styles.finding} data-tone={tone}>
            <Icon name={tone === "ok" ? "check" : "warning"} size={14} />
            {sentence(text)}
          </p>
        ))}
    </div>
  );
}

interface InputProps {
  readonly field: GuideField;
  readonly preparation: Preparation;
  readonly error: string | undefined;
}

function Input({ field, preparation, error }: InputProps) {
  const { values, change } = preparation;
  if (field.kind === "secret") return <GuideSecret field={field} preparation={preparation} error={error} />;
  if (field.kind === "choice") {
    return (
      <Radio.Group
        label={field.label}
        description={field.help}
        error={error}
        value={textOf(values, field.name)}
        onChange={(value) => change(field, value)}
      >
        <div className="stack choices">
          {(field.choices ?? []).map(({ value, label, help }) => (
            <Radio key={value} value={value} label={label} description={help} />
          ))}
        </div>
      </Radio.Group>
    );
  }
  return (
    <TextInput
      label={field.label}
      description={field.help}
      placeholder={field.placeholder ?? ""}
      autoComplete="off"
      spellCheck={false}
      error={error}
      value={textOf(values, field.name)}
      onChange={(event) => change(field, event.currentTarget.value)}
    />
  );
}

// Typed here it is in memory only; it goes to the server when the field is left, and never comes back.
function GuideSecret({ field, preparation, error }: InputProps) {
  const [value, setValue] = useState("");
  const [replacing, setReplacing] = useState(false);
  const stored = preparation.secrets.find(({ name }) => name === field.name);
  if (stored && !replacing && value === "") {
    return (
      <div>
        <div className={styles.label}>{field.label}</div>
        <div className={styles.stored}>
          <span>
            Set, ends in <code>{stored.last4}</code>
          </span>
          <Button size="xs" variant="default" onClick={() => setReplacing(true)}>
            Replace
          </Button>
        </div>
      </div>
    );
  }
  const keep = () => {
    if (value.trim() === "") return;
    preparation.keepSecret(field.name, value.trim());
    setValue("");
    setReplacing(false);
  };
  return (
    <PasswordInput
      label={field.label}
      description={field.help}
      placeholder={field.placeholder ?? ""}
      autoComplete="off"
      spellCheck={false}
      error={error}
      value={value}
      onChange={(event) => setValue(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && keep()}
    />
  );
}
