import { Button, Popover, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useNow } from "../../hooks/useNow.ts";
import { useZone } from "../../hooks/useZone.ts";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Events.module.css";
import { fieldInstant, fieldValue, type Period, periodName, ranges } from "./period.ts";

interface Props {
  readonly period: Period;
  /** The instants that the period comes to just now, milliseconds since 1970. */
  readonly bounds: { readonly from: number; readonly to: number };
  readonly onChange: (period: Period) => void;
}

/** Chooses a period: one that ends now, all time, or two instants in the zone shown. */
export function TimePicker({ period, bounds, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const now = useNow();
  const { zone } = useZone();
  const choose = (next: Period) => {
    setOpened(false);
    onChange(next);
  };
  const name = periodName(period, now, zone);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          className={styles.control ?? ""}
          leftSection={<Icon name="clock" size={15} />}
          rightSection={<Icon name="chevronDown" size={13} />}
          aria-label={`Period: ${name}`}
          onClick={() => setOpened(!opened)}
        >
          {name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.times ?? ""}>
        <ul>
          {ranges.map(({ value, label }) => (
            <li key={value}>
              <UnstyledButton
                className={styles.range}
                aria-pressed={label === name}
                onClick={() => choose(value === "24h" ? {} : { range: value })}
              >
                {label}
              </UnstyledButton>
            </li>
          ))}
        </ul>
        <Instants bounds={bounds} onChange={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Instants({ bounds, onChange }: Pick<Props, "bounds" | "onChange">) {
  const { zone } = useZone();
  const [from, setFrom] = useState(() => fieldValue(bounds.from, zone));
  const [to, setTo] = useState(() => fieldValue(bounds.to, zone));
  const [start, end] = [fieldInstant(from, zone), fieldInstant(to, zone)];
  const said = zone === "UTC" ? "UTC" : "local time";
  const wrong = start !== undefined && end !== undefined && start >= end;
  return (
    <form
      className={styles.instants}
      onSubmit={(event) => {
        event.preventDefault();
        if (start !== undefined && end !== undefined && !wrong) {
          onChange({ from: new Date(start).toISOString(), to: new Date(end).toISOString() });
        }
      }}
    >
      <label>
        From ({said})
        <input type="datetime-local" required value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        To ({said})
        <input
          type="datetime-local"
          required
          value={to}
          aria-invalid={wrong}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <p className={styles.wrong} role="alert">
        {wrong && "The end has to be later than the beginning."}
      </p>
      <Button type="submit" size="xs" disabled={start === undefined || end === undefined || wrong}>
        Show this period
      </Button>
    </form>
  );
}
