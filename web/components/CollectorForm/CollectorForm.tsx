import { TextInput } from "@mantine/core";
import type { Connector } from "../../api-types.ts";
import type { CollectorForm } from "../../form/collector-form.ts";
import { DataSourcePicker } from "../DataSourcePicker/DataSourcePicker.tsx";
import { SiteSelect } from "../SiteSelect/SiteSelect.tsx";
import { TimezoneSelect } from "../TimezoneSelect/TimezoneSelect.tsx";
import { Advanced } from "./Advanced.tsx";
import styles from "./CollectorForm.module.css";
import { SettingInput, type SettingsProps } from "./SettingInput.tsx";

export interface FormProps extends SettingsProps<CollectorForm> {
  readonly connector: Connector;
}

/** The fields of a collector: the platform's own, and those of the connector's schema between them. */
export function CollectorFields(props: FormProps) {
  const { connector, form, onChange, errors } = props;
  return (
    <div className={styles.fields}>
      <TextInput
        label="Name"
        data-autofocus
        description="How the collector is called here and on its events"
        placeholder={`${connector.name.split("-")[0]}-prod`}
        required
        autoComplete="off"
        value={form.name}
        error={errors.name}
        onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
      />
      {connector.fields
        .filter(({ advanced }) => !advanced)
        .map((field) => (
          <SettingInput key={field.name} field={field} {...props} />
        ))}
      <DataSourcePicker
        known={connector.dataSources}
        chosen={form.dataSources}
        error={errors.dataSources}
        onChange={(dataSources) => onChange({ ...form, dataSources })}
      />
      <SiteSelect value={form.siteId} error={errors.siteId} onChange={(siteId) => onChange({ ...form, siteId })} />
      <TimezoneSelect
        value={form.timezone}
        error={errors.timezone}
        onChange={(timezone) => onChange({ ...form, timezone })}
      />
      <Advanced {...props} />
    </div>
  );
}
