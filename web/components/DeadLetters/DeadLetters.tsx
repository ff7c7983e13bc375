import { Button, Select, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { Destination } from "../../api-types.ts";
import type { LetterState } from "../../destinations-api.ts";
import { useDeadLetters, useLetterActions } from "../../hooks/useDeliveries.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import { letterStates } from "../../search.ts";
import { EmptyState } from "../EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import styles from "./DeadLetters.module.css";
import { ExportLetters } from "./ExportLetters.tsx";
import { LetterButtons } from "./LetterButtons.tsx";
import { LetterTable } from "./LetterTable.tsx";
import { stateWords } from "./words.ts";

export type LetterFilter = (typeof letterStates)[number];

interface Props {
  readonly destination: Destination;
  readonly state: LetterFilter;
  readonly onState: (state: LetterFilter) => void;
}

const choices = letterStates.map((value) => ({ value, label: value === "all" ? "All" : stateWords[value] }));

/** Events that the destination refuses for good: why, and what is done about them. */
export function DeadLetters({ destination, state, onState }: Props) {
  const asked: LetterState | undefined = state === "all" ? undefined : state;
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useDeadLetters(
    destination.id,
    asked,
  );
  const change = useLetterActions(destination.id);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const mayOperate = useSettingsPermission("destinations.operate") === true;
  const letters = data?.pages.flat() ?? [];
  const chosen = letters.filter(({ id }) => selected.has(id)).map(({ id }) => id);
  return (
    <section className="card" aria-label="Dead letters">
      <div className={styles.head}>
        <h2>Dead letters</h2>
        <div className={styles.tools}>
          {mayOperate && (
            <LetterButtons
              chosen={chosen}
              anyWaits={destination.status.deadLetters > 0 || letters.some((letter) => letter.state === "dead")}
              change={change}
              onDone={() => setSelected(new Set())}
            />
          )}
          <Select
            className={styles.state ?? ""}
            size="xs"
            aria-label="State of the dead letters"
            data={choices}
            allowDeselect={false}
            value={state}
            onChange={(value) => {
              setSelected(new Set());
              onState(value as LetterFilter);
            }}
          />
          <ExportLetters destination={destination} state={asked} disabled={letters.length === 0} />
        </div>
      </div>
      {error && (
        <div className={styles.pad}>
          <ErrorNotice error={error} what="The dead letters could not be read" retry={() => void refetch()} />
        </div>
      )}
      {isPending && (
        <div className={styles.pad}>
          <Skeleton height={160} radius={6} />
        </div>
      )}
      {data && letters.length === 0 && <Nothing state={state} />}
      {letters.length > 0 && (
        <LetterTable
          letters={letters}
          collectors={destination.status.collectors}
          selected={selected}
          onSelect={mayOperate ? setSelected : undefined}
        />
      )}
      {hasNextPage && (
        <div className={styles.more}>
          <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show earlier ones
          </Button>
        </div>
      )}
    </section>
  );
}

function Nothing({ state }: { readonly state: LetterFilter }) {
  if (state !== "dead" && state !== "all") {
    return (
      <EmptyState title={`None is in the state “${stateWords[state]}”`}>
        Choose another state above to see the others.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={state === "dead" ? "Nothing was refused that still waits for you" : "Nothing was refused"}>
      An event that the destination refuses for its content stands here, with the reason and what the destination said.
      It holds up nothing else, and it is kept until you send it again or give it up.
    </EmptyState>
  );
}
