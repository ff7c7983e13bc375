import { Skeleton, TextInput } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import type { Connector, DraftRow } from "../api-types.ts";
import { CollectorsTabs } from "../components/CollectorsTabs/CollectorsTabs.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { VendorMark } from "../components/VendorMark/VendorMark.tsx";
import { holds } from "../format/filter.ts";
import { plural } from "../format/numbers.ts";
import { useCollectors } from "../hooks/useCollectors.ts";
import { useConnectors } from "../hooks/useConnectors.ts";
import styles from "./Catalogue.module.css";

/** One tile for each connector; the panel of a chosen one stands over it. */
export function Catalogue() {
  const [words, setWords] = useState("");
  const { data, error, refetch, isPending } = useConnectors();
  const drafts = useCollectors().data?.drafts ?? [];
  const found = (data ?? []).filter(({ title, vendor, description }) => holds([title, vendor, description], words));
  return (
    <div className="page">
      <PageHeader title="Collectors" line="Choose what to collect from" />
      <CollectorsTabs />
      <TextInput
        className={styles.search ?? ""}
        data-page-search
        type="search"
        aria-label="Search the catalogue"
        placeholder="Search product or vendor"
        leftSection={<Icon name="search" size={15} />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {error && <ErrorNotice error={error} what="The catalogue could not be loaded" retry={() => void refetch()} />}
      <ul className={styles.tiles} aria-busy={isPending}>
        {isPending && [1, 2, 3].map((each) => <Skeleton key={each} height={168} radius={8} />)}
        {found.map((connector) => (
          <Tile
            key={connector.name}
            connector={connector}
            drafts={drafts.filter((draft) => draft.connector === connector.name)}
          />
        ))}
      </ul>
      {data && found.length === 0 && (
        <EmptyState title="No connector of this name">
          The catalogue holds {plural(data.length, "connector")}. A connector of your own can be added; the docs say
          how.
        </EmptyState>
      )}
      <Outlet />
    </div>
  );
}

function Tile({ connector, drafts }: { readonly connector: Connector; readonly drafts: readonly DraftRow[] }) {
  const { name, title, vendor, description, dataSources } = connector;
  return (
    <li className={styles.tile}>
      <div className={styles.head}>
        <VendorMark vendor={vendor} size={40} />
        <div>
          <h2>
            <Link to="/collectors/new/$connector" params={{ connector: name }} className={styles.link} data-row>
              {title}
            </Link>
          </h2>
          <span className="quiet">{vendor}</span>
        </div>
      </div>
      <p className={styles.description}>{description}</p>
      <p className={styles.foot}>
        {plural(dataSources.length, "data source")}
        {drafts[0] && (
          <Link
            className={styles.draft}
            to="/collectors/new/$connector"
            params={{ connector: name }}
            search={{ draft: drafts[0].id }}
          >
            Continue {drafts.length === 1 ? "the draft" : `one of ${drafts.length} drafts`}
          </Link>
        )}
      </p>
    </li>
  );
}
