import { Modal } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./CommandPalette.module.css";
import { type Command, useCommands } from "./commands.ts";
import { matching } from "./matching.ts";

/** Everything the console can do by name: pages, collectors, theme, time zone. */
export function CommandPalette({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={560} centered={false} yOffset="12vh" padding={0}>
      <Modal.Overlay />
      <Modal.Content aria-label="Go to">
        <Palette onClose={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Palette({ onClose }: { readonly onClose: () => void }) {
  const listId = useId();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState(0);
  const commands = useCommands();
  const found = useMemo(() => matching(commands, words), [commands, words]);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setChosen((current) => (current + step + found.length) % found.length);
    }
    if (event.key === "Enter") run(found[chosen]);
  };
  return (
    <>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found[chosen] && `${listId}-${chosen}`}
          aria-label="Page, collector or setting"
          placeholder="Page, collector or setting"
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Results listId={listId} found={found} chosen={chosen} run={run} />
    </>
  );
}

interface ResultsProps {
  readonly listId: string;
  readonly found: readonly Command[];
  readonly chosen: number;
  readonly run: (command: Command) => void;
}

function Results({ listId, found, chosen, run }: ResultsProps) {
  const active = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element behind the ref changes with `chosen`
  useEffect(() => active.current?.scrollIntoView({ block: "nearest" }), [chosen]);
  if (found.length === 0) return <p className={styles.none}>Nothing has this name.</p>;
  return (
    <div id={listId} role="listbox" aria-label="Results" className={styles.list}>
      {found.map((command, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard goes through the field above
        <div
          key={command.id}
          id={`${listId}-${index}`}
          ref={index === chosen ? active : undefined}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          className={styles.item}
          onClick={() => run(command)}
        >
          <Icon name={command.icon} />
          <span className={styles.label}>{command.label}</span>
          <span className={styles.hint}>{command.hint}</span>
        </div>
      ))}
    </div>
  );
}
