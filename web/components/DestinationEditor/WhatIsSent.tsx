import { Checkbox, Radio, Select } from "@mantine/core";
import type { Destination } from "../../api-types.ts";
import { errorAt, filterOf, maskingOf } from "../../form/destination-form.ts";
import { useCollectors } from "../../hooks/useCollectors.ts";
import { Conditions } from "./Conditions.tsx";
import styles from "./DestinationEditor.module.css";
import type { EditorProps } from "./DestinationEditor.tsx";
import { Fold } from "./Fold.tsx";
import { Masks } from "./Masks.tsx";
import { Words } from "./Words.tsx";
import { useShapingWords } from "./words.ts";

/** Format, collectors, where to begin, filter and masks. */
export function WhatIsSent({ kind, editing }: EditorProps) {
  const { form, change, errors } = editing;
  const format = kind.formats.find(({ name }) => name === form.format);
  return (
    <div className={styles.fields}>
      <Select
        label="Format"
        description={format?.description}
        data={kind.formats.map(({ name, title }) => ({ value: name, label: title }))}
        allowDeselect={false}
        value={form.format}
        error={errors.format}
        onChange={(value) => value && change({ ...form, format: value as Destination["format"] })}
      />
      <Collectors editing={editing} />
      <Radio.Group
        label="Begin with"
        description="Of a collector whose events have not gone here yet"
        value={form.from}
        onChange={(value) => change({ ...form, from: value === "now" ? "now" : "start" })}
      >
        <div className="stack choices">
          <Radio value="start" label="All that is stored" description="Then everything that comes in." />
          <Radio value="now" label="From now on" description="What is stored already can be replayed later." />
        </div>
      </Radio.Group>
      <Fold
        title="Filter"
        hint={filterOf(form) === null ? "every event" : "only some events"}
        initially={filterOf(form) !== null}
        opened={errorAt(errors, "filter") !== undefined}
      >
        <Filter editing={editing} />
      </Fold>
      <Fold
        title="Masking"
        hint={maskingOf(form) === null ? "everything as it is stored" : "not everything"}
        initially={maskingOf(form) !== null}
        opened={errorAt(errors, "masking") !== undefined}
      >
        <Masks editing={editing} />
      </Fold>
    </div>
  );
}

type Part = Pick<EditorProps, "editing">;

function Collectors({ editing: { form, change, errors } }: Part) {
  const collectors = useCollectors().data?.collectors ?? [];
  const chosen = form.collectorIds;
  return (
    <>
      <Radio.Group
        label="Collectors"
        value={chosen === null ? "all" : "some"}
        error={errors.collectorIds}
        onChange={(value) => change({ ...form, collectorIds: value === "all" ? null : collectors.map(({ id }) => id) })}
      >
        <div className="stack choices">
          <Radio value="all" label="All" description="Those that are still to be installed, too." />
          <Radio value="some" label="Only these" />
        </div>
      </Radio.Group>
      {chosen !== null && (
        <Checkbox.Group
          aria-label="Collectors of this destination"
          value={[...chosen]}
          onChange={(collectorIds) => change({ ...form, collectorIds })}
        >
          <div className={styles.box}>
            {collectors.map(({ id, name, connectorTitle }) => (
              <Checkbox key={id} value={id} size="xs" label={name} description={connectorTitle} />
            ))}
            {collectors.length === 0 && <p className="quiet">No collector is installed yet.</p>}
          </div>
        </Checkbox.Group>
      )}
    </>
  );
}

function Filter({ editing: { form, change, errors } }: Part) {
  const known = useShapingWords();
  return (
    <>
      <p className="quiet">An event is delivered that meets all of these; what is empty is met by every event.</p>
      <Words
        label="Data sources"
        description="Only these"
        placeholder="conversations"
        known={known.dataSources}
        value={form.dataSources}
        error={errorAt(errors, "filter.data_sources")}
        onChange={(dataSources) => change({ ...form, dataSources })}
      />
      <Words
        label="Event types"
        description="Only these, in upstream's words"
        placeholder="AUTH_LOG"
        known={known.types}
        value={form.types}
        error={errorAt(errors, "filter.types")}
        onChange={(types) => change({ ...form, types })}
      />
      <Words
        label="Users"
        description="Only what these people did: mail addresses or user ids"
        value={form.users}
        error={errorAt(errors, "filter.users")}
        onChange={(users) => change({ ...form, users })}
      />
      <Words
        label="Without users"
        description="Nothing of these people"
        value={form.withoutUsers}
        error={errorAt(errors, "filter.without_users")}
        onChange={(withoutUsers) => change({ ...form, withoutUsers })}
      />
      <Conditions
        conditions={form.conditions}
        errors={errors}
        onChange={(conditions) => change({ ...form, conditions })}
      />
    </>
  );
}
