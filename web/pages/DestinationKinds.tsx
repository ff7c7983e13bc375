import { Skeleton, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../api.ts";
import type { DestinationKind } from "../api-types.ts";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { guarantees } from "../components/Guarantee/guarantees.ts";
import { Icon } from "../components/Icon/Icon.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { VendorMark } from "../components/VendorMark/VendorMark.tsx";
import { kindGroups } from "../format/kinds.ts";
import { plural } from "../format/numbers.ts";
import { useDestinationKinds } from "../hooks/useDestinations.ts";
import tiles from "./Catalogue.module.css";
import styles from "./Destinations.module.css";
import { Forbidden } from "./NotFound.tsx";

/** One tile for each kind of destination, those of a group together. */
export function DestinationKinds() {
  const [words, setWords] = useState("");
  const { data, error, refetch, isPending } = useDestinationKinds();
  const groups = kindGroups(data ?? [], words);
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  return (
    <div className="page">
      <PageHeader
        title="New destination"
        above={
          <p className={styles.path}>
            <Link to="/destinations">Destinations</Link>
          </p>
        }
        line="Choose where events are to go"
      />
      <TextInput
        className={tiles.search ?? ""}
        data-page-search
        type="search"
        aria-label="Search the kinds of destinations"
        placeholder="Search product, group or format"
        leftSection={<Icon name="search" size={15} />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {error && <ErrorNotice error={error} what="The kinds could not be loaded" retry={() => void refetch()} />}
      {isPending && (
        <div className={tiles.tiles} aria-busy="true" role="status" aria-label="Loading the kinds">
          {[1, 2, 3, 4, 5, 6].map((each) => (
            <Skeleton key={each} height={168} radius={8} />
          ))}
        </div>
      )}
      {groups.map(({ group, title, kinds }) => (
        <section key={group} className={styles.group} aria-label={title}>
          <h2>{title}</h2>
          <ul className={tiles.tiles}>
            {kinds.map((kind) => (
              <Tile key={kind.name} kind={kind} />
            ))}
          </ul>
        </section>
      ))}
      {data && groups.length === 0 && (
        <EmptyState title="No destination of this name">
          There are {plural(data.length, "kind")} of destinations. What speaks HTTP, syslog or a common queue is reached
          with those of that name.
        </EmptyState>
      )}
    </div>
  );
}

function Tile({ kind }: { readonly kind: DestinationKind }) {
  const { name, title, description, formats, guarantee } = kind;
  return (
    <li className={tiles.tile}>
      <div className={tiles.head}>
        <VendorMark vendor={title} size={40} />
        <h3 className={styles.kind}>
          <Link to="/destinations/new/$kind" params={{ kind: name }} className={tiles.link} data-row>
            {title}
          </Link>
        </h3>
      </div>
      <p className={tiles.description}>{description}</p>
      <p className={tiles.foot}>
        <span>{guarantees[guarantee].word}</span>
        <span>{plural(formats.length, "format")}</span>
      </p>
    </li>
  );
}
