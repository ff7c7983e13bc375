import { Button, Checkbox, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { DataSourceInfo } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { addable } from "./addable.ts";
import styles from "./DataSourcePicker.module.css";

interface Props {
  readonly known: readonly DataSourceInfo[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly error?: string | undefined;
}

/** Chooses among the connector's data sources; an event type it does not know yet can be added by its upstream name. */
export function DataSourcePicker({ known, chosen, onChange, error }: Props) {
  const added = chosen.filter((name) => !known.some((source) => source.name === name));
  const all = known.map(({ name }) => name);
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  return (
    <fieldset className={styles.picker} aria-describedby={error && "data-sources-error"}>
      <legend className={styles.legend}>Data sources</legend>
      <div className={styles.head}>
        <span>{plural(chosen.length, "data source")} chosen</span>
        <span className={styles.quick}>
          <UnstyledButton className={styles.link} onClick={() => onChange([...all, ...added])}>
            All
          </UnstyledButton>
          <UnstyledButton className={styles.link} onClick={() => onChange([])}>
            None
          </UnstyledButton>
        </span>
      </div>
      <div className={styles.box} data-error={error !== undefined}>
        {known.map(({ name, title, description, upstreamType }) => (
          <Checkbox
            key={name}
            className={styles.source ?? ""}
            checked={chosen.includes(name)}
            onChange={() => toggle(name)}
            label={
              <span className={styles.title}>
                {title} <code>{upstreamType}</code>
              </span>
            }
            description={description}
          />
        ))}
        {added.map((name) => (
          <Checkbox
            key={name}
            className={styles.source ?? ""}
            checked
            onChange={() => toggle(name)}
            label={<code>{name}</code>}
            description="Added by its upstream name"
          />
        ))}
        <AddType known={known} chosen={chosen} onAdd={(name) => onChange([...chosen, name])} />
      </div>
      {error && (
        <p id="data-sources-error" className={styles.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface AddProps {
  readonly known: readonly DataSourceInfo[];
  readonly chosen: readonly string[];
  readonly onAdd: (name: string) => void;
}

function AddType({ known, chosen, onAdd }: AddProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const add = () => {
    const answer = addable(text, known, chosen);
    setProblem(answer.problem);
    if (answer.name === undefined) return;
    onAdd(answer.name);
    setText("");
  };
  return (
    <div className={styles.add}>
      <TextInput
        className={styles.field ?? ""}
        label="Another event type, by its upstream name"
        placeholder="NEW_EVENT_TYPE"
        value={text}
        error={problem}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" onClick={add} disabled={text.trim() === ""}>
        Add
      </Button>
    </div>
  );
}
