import { ActionIcon, Popover, TextInput, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Problem } from "../../api-types.ts";
import { sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Events.module.css";

interface Props {
  /** The query of the address. */
  readonly value: string;
  readonly onSearch: (query: string) => void;
  /** Why the server did not understand the query. */
  readonly problem: Problem | undefined;
}

/** The one field to search by: sent on Enter, with help, and with what is wrong in the query beside it. */
export function QueryBar({ value, onSearch, problem }: Props) {
  const [words, setWords] = useState(value);
  useEffect(() => setWords(value), [value]);
  return (
    <search className={styles.query}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(words.trim());
        }}
      >
        <TextInput
          data-page-search
          aria-label="Search events"
          aria-describedby={problem && "events-query-problem"}
          placeholder='Search: words, "a phrase", user:name, -not, a OR b'
          maxLength={1000}
          spellCheck={false}
          autoComplete="off"
          leftSection={<Icon name="search" size={15} />}
          rightSection={words === "" ? <Help /> : <Clear onClear={() => onSearch("")} />}
          error={problem !== undefined}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {problem && (
          <p id="events-query-problem" role="alert" className={styles.problem}>
            <strong>{sentence(problem.detail)}</strong> {problem.action && sentence(problem.action)}
          </p>
        )}
      </form>
    </search>
  );
}

function Clear({ onClear }: { readonly onClear: () => void }) {
  return (
    <Tooltip label="Clear the search">
      <ActionIcon variant="subtle" color="gray" size={24} aria-label="Clear the search" onClick={onClear}>
        <Icon name="close" size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

const rows: readonly (readonly [string, string])[] = [
  ["invoice berlin", "both words, anywhere in the event"],
  ['"quarterly report"', "the words next to each other"],
  ["invoic*", "words that begin like this"],
  ["-draft", "not this word"],
  ["invoice OR receipt", "one of them; parentheses group"],
  ["user:ann@example.com", "a field and its value"],
  ["合同", "languages without spaces are searched like phrases"],
];
const fields =
  "text, title, file, user, type, action, result, ip, model, author, client, tool, app, gpt, project, conversation, message, id, ref, source, collector, site";

function Help() {
  return (
    <Popover position="bottom-end" width={440} trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label="How to search">
          <Icon name="info" size={15} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={styles.help ?? ""}>
        <h2>How to search</h2>
        <dl>
          {rows.map(([query, means]) => (
            <div key={query}>
              <dt>
                <code>{query}</code>
              </dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
        <p className="quiet">Fields: {fields}.</p>
        <p>
          <Link to="/docs/$" params={{ _splat: "search" }}>
            The whole query language
          </Link>
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
