import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "../../api.ts";
import { acceptedAlias, matchingZones, offsetOf } from "../../format/zones.ts";
import styles from "./TimezoneSelect.module.css";

interface Props {
  readonly value: string | null;
  readonly onChange: (zone: string | null) => void;
  readonly error?: string | undefined;
}

/** A time zone by name, city or offset; aliases such as `Asia/Calcutta` are accepted. */
export function TimezoneSelect({ value, onChange, error }: Props) {
  const [words, setWords] = useState(value ?? "");
  const { data } = useQuery({ queryKey: ["timezones"], queryFn: api.timezones, staleTime: Number.POSITIVE_INFINITY });
  const options = useMemo(() => {
    const zones = data ?? ["UTC"];
    const found = matchingZones(zones, words === value ? "" : words);
    const alias = acceptedAlias(zones, words);
    return [...new Set([...(value === null ? [] : [value]), ...(alias === undefined ? [] : [alias]), ...found])];
  }, [data, words, value]);
  return (
    <Select
      label="Timezone"
      description="Optional. Written on every event; gives upstream times without a zone their zone. Without one: UTC"
      placeholder="Search a city or zone"
      searchable
      clearable
      nothingFoundMessage="No time zone of this name"
      data={options}
      filter={({ options: all }) => all}
      searchValue={words}
      onSearchChange={setWords}
      value={value}
      onChange={onChange}
      error={error}
      maxDropdownHeight={280}
      renderOption={({ option }) => (
        <span className={styles.option}>
          <span>{option.value}</span>
          <span className={styles.offset}>{offsetOf(String(option.value), Date.now())}</span>
        </span>
      )}
    />
  );
}
