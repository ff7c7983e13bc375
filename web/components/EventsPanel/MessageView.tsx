import { Button } from "@mantine/core";
import { useState } from "react";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { SafeText } from "../EventsText/SafeText.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./EventPanel.module.css";
import type { Message } from "./message.ts";

const FIRST = 20_000;

/** A message as people read it: who, what, and what was attached. Links are text to copy; nothing is loaded. */
export function MessageView({ message }: { readonly message: Message }) {
  const { author, facts, contentType, files, links, temporary } = message;
  return (
    <>
      <p className={styles.author}>
        <span className={styles.role}>
          <SafeText text={author} />
        </span>
        {facts.map(([name, value]) => (
          <span key={name}>
            {name}: <SafeText text={value} />
          </span>
        ))}
        {temporary && <span className={styles.badge}>temporary chat</span>}
      </p>
      {message.text === undefined ? (
        <p className="quiet">
          {contentType === undefined ? (
            "The message has no text."
          ) : (
            <>The content is of the kind {<SafeText text={contentType} />}; its JSON shows all of it.</>
          )}
        </p>
      ) : (
        <LongText text={message.text} />
      )}
      {files.length > 0 && (
        <section className={styles.parts}>
          <h3>Files</h3>
          <ul className={styles.parts}>
            {files.map(({ name, id }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: upstream may name a file twice
              <li key={index}>
                <Icon name="docs" size={14} />
                <span dir="auto">
                  <SafeText text={name} />
                </span>
                {id !== undefined && <code className="quiet">{id}</code>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {links.length > 0 && (
        <section className={styles.parts}>
          <h3>Links named by the message</h3>
          <ul className={styles.parts}>
            {links.map((link) => (
              <li key={link}>
                <CopyButton text={link} what="address" />
                <span className="mono">
                  <SafeText text={link} exact />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function LongText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState(FIRST);
  return (
    <>
      <div className={styles.text} dir="auto">
        <SafeText text={text.slice(0, shown)} />
      </div>
      {text.length > shown && (
        <Button size="xs" variant="default" onClick={() => setShown(shown * 8)}>
          Show more of the text
        </Button>
      )}
    </>
  );
}
