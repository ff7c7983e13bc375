import { Button } from "@mantine/core";
import { useState } from "react";
import { bytes } from "../../format/numbers.ts";
import { SafeText } from "../EventsText/SafeText.tsx";
import styles from "./Json.module.css";

const FIRST = 50_000;
const GROWTH = 10;

/** A text exactly as it is stored, wrapped to the width. A long one is cut, and shown further on demand. */
export function ExactText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState(FIRST);
  return (
    <>
      <pre className={styles.exact} dir="ltr">
        <SafeText text={text.slice(0, shown)} exact />
      </pre>
      {text.length > shown && (
        <div className={styles.more}>
          <span className="quiet">
            {bytes(shown)} of {bytes(text.length)} are shown; copy and download take all of it.
          </span>
          <Button size="xs" variant="default" onClick={() => setShown(shown * GROWTH)}>
            Show {text.length > shown * GROWTH ? "more" : "all"}
          </Button>
        </div>
      )}
    </>
  );
}
