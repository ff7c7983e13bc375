import { Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import { holds } from "../../format/filter.ts";
import type { FilterOption } from "../../hooks/useEventsOptions.ts";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Events.module.css";

interface Props {
  /** `Collector`. */
  readonly name: string;
  readonly plural: string;
  readonly options: readonly FilterOption[];
  readonly chosen: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

const SEARCHABLE_FROM = 9;

/** One filter as a button that says what it lets through, with the choices below it. */
export function FilterMenu({ name, plural, options, chosen, onChange }: Props) {
  const [words, setWords] = useState("");
  const shown = options.filter(({ label, hint }) => holds([label, hint ?? ""], words));
  const first = options.find(({ value }) => value === chosen[0])?.label ?? chosen[0];
  const said = chosen.length === 0 ? "all" : chosen.length === 1 ? first : `${chosen.length} ${plural}`;
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <Popover position="bottom-start" trapFocus onClose={() => setWords("")}>
      <Popover.Target>
        <Button
          variant="default"
          className={styles.control ?? ""}
          data-set={chosen.length > 0}
          rightSection={<Icon name="chevronDown" size={13} />}
        >
          <span className={styles.filterName}>{name}</span>
          <span className={styles.filterValue}>{said}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.options ?? ""}>
        {options.length >= SEARCHABLE_FROM && (
          <TextInput
            size="xs"
            type="search"
            aria-label={`Search ${plural}`}
            placeholder={`Search ${plural}`}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        )}
        <fieldset className={styles.checks}>
          <legend className="visually-hidden">{name}</legend>
          {shown.map(({ value, label, hint }) => (
            <Checkbox
              key={value}
              size="xs"
              classNames={{ body: styles.check ?? "", labelWrapper: styles.checkLabel ?? "" }}
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
              label={
                <span className={styles.option}>
                  <span>{label}</span>
                  <span className="quiet">{hint}</span>
                </span>
              }
            />
          ))}
          {shown.length === 0 && (
            <p className="quiet">{options.length === 0 ? "There is none yet." : "None of this name."}</p>
          )}
        </fieldset>
        <Button size="compact-xs" variant="subtle" disabled={chosen.length === 0} onClick={() => onChange([])}>
          Clear
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
