import { type ReactNode, useId } from "react";
import type { DeliveryPreview } from "../../api-types.ts";
import { bytes } from "../../format/numbers.ts";
import { ExactText } from "../EventsJson/ExactText.tsx";
import { JsonView } from "../EventsJson/JsonView.tsx";
import { jsonLines } from "../EventsJson/lines.ts";
import styles from "./DeliveryPreview.module.css";

type Event = DeliveryPreview["events"][number];

/** One event as it is stored, and what of it would leave. */
export function BeforeAfter({ event }: { readonly event: Event }) {
  const { before, after, outcome } = event;
  return (
    <div className={styles.sides}>
      <Side title="Before: as it is stored" size={undefined}>
        <Text text={before} />
      </Side>
      <Side title="After: as it would be sent" size={event.bytes}>
        {outcome === "kept_back" && <p className={styles.none}>Not sent: the filter keeps this event back.</p>}
        {outcome === "unmaskable" && (
          <p className={styles.none}>
            Not sent: there are masks, and this event cannot be read as JSON. It would be a dead letter.
          </p>
        )}
        {after !== undefined && <Text text={after} />}
      </Side>
    </div>
  );
}

interface SideProps {
  readonly title: string;
  readonly size: number | undefined;
  readonly children: ReactNode;
}

function Side({ title, size, children }: SideProps) {
  const id = useId();
  return (
    <section className={styles.side} aria-labelledby={id}>
      <div className={styles.sideHead}>
        <h3 id={id}>{title}</h3>
        {size !== undefined && <span className="quiet">{bytes(size)}</span>}
      </div>
      {children}
    </section>
  );
}

// Laid out where it is JSON, as it is where it is a line of another format or was cut short for this page.
function Text({ text }: { readonly text: string }) {
  if (jsonLines(text) !== undefined) {
    return (
      <div className={styles.tree}>
        <JsonView text={text} />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className={styles.exact} tabIndex={0} aria-label="Text">
      <ExactText text={text} />
    </section>
  );
}
