import { Button, Checkbox, Modal, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Destination, DestinationKind } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { useReplayActions } from "../../hooks/useDeliveries.ts";
import { useShapingWords } from "../DestinationEditor/words.ts";
import { ErrorNotice, Notice, sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { guarantees } from "../Guarantee/guarantees.ts";
import styles from "./Replays.module.css";
import { type RangeForm, rangeProblem, replayOf } from "./range.ts";

interface Props {
  readonly destination: Destination;
  readonly kind: DestinationKind | undefined;
  readonly onClose: () => void;
}

/** Forecast, then confirm: nothing is sent before the second button. */
export function ReplayDialog({ destination, kind, onClose }: Props) {
  const { forecast, start } = useReplayActions(destination.id);
  const { collectors } = destination.status;
  const [form, setForm] = useState<RangeForm>({
    collectorIds: collectors.map(({ id }) => id),
    dataSource: null,
    from: "",
    to: "",
  });
  const problem = rangeProblem(form);
  const body = replayOf(form, collectors.length);
  const found = forecast.data;
  const change = (part: Partial<RangeForm>) => {
    setForm({ ...form, ...part });
    forecast.reset();
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (problem === undefined) forecast.mutate(body);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Replay to ${destination.name}`}
      size={540}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={ask} className={styles.form}>
        <p className="quiet">
          A part of the log is sent once more, with filter, masks and format as they are now. Live delivery goes on
          beside it, and upstream is not asked.
        </p>
        <Fields form={form} change={change} collectors={collectors} />
        {problem !== undefined && <p className={styles.wrong}>{problem}</p>}
        {forecast.error && <ErrorNotice error={forecast.error} what="No forecast could be made" />}
        {found && <Forecast events={found.events} kind={kind} />}
        {start.error && <ErrorNotice error={start.error} what="The replay was not begun" />}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="default" loading={forecast.isPending} disabled={problem !== undefined}>
            Forecast
          </Button>
          <Button
            disabled={found === undefined || found.events === 0}
            loading={start.isPending}
            onClick={() => start.mutate(body, { onSuccess: onClose })}
          >
            {found === undefined || found.events === 0 ? "Send again" : `Send ${plural(found.events, "event")} again`}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  readonly form: RangeForm;
  readonly change: (part: Partial<RangeForm>) => void;
  readonly collectors: Destination["status"]["collectors"];
}

function Fields({ form, change, collectors }: FieldsProps) {
  const known = useShapingWords();
  const time = (name: "from" | "to") => ({
    type: "datetime-local",
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
  });
  return (
    <>
      <Checkbox.Group
        label="Collectors"
        value={[...form.collectorIds]}
        onChange={(collectorIds) => change({ collectorIds })}
      >
        <div className={styles.choices}>
          {collectors.map(({ id, name }) => (
            <Checkbox key={id} size="xs" value={id} label={name} />
          ))}
        </div>
      </Checkbox.Group>
      <Select
        label="Data source"
        placeholder="All"
        clearable
        searchable
        data={[...known.dataSources]}
        value={form.dataSource}
        onChange={(dataSource) => change({ dataSource })}
      />
      <div className={styles.pair}>
        <TextInput label="Events from, UTC" description="Empty: from the beginning" {...time("from")} />
        <TextInput label="Until before, UTC" description="Empty: to the end" {...time("to")} />
      </div>
    </>
  );
}

function Forecast({ events, kind }: { readonly events: number; readonly kind: DestinationKind | undefined }) {
  if (events === 0) {
    return (
      <Notice tone="info" title="No event of this part is stored" live>
        Choose other collectors, another data source or other times.
      </Notice>
    );
  }
  return (
    <Notice tone="info" title={`${plural(events, "event")} would be sent again`} live>
      Fewer, where the filter keeps some back.{" "}
      {kind && `${sentence(guarantees[kind.guarantee].title)} ${sentence(kind.guaranteeNote)}`}
    </Notice>
  );
}
