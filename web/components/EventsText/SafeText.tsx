import { useMemo } from "react";
import { pieces } from "./marks.ts";
import styles from "./SafeText.module.css";

/** Foreign text as text: nothing in it is markup, and what cannot be seen is named. `exact` names joiners, too. */
export function SafeText({ text, exact = false }: { readonly text: string; readonly exact?: boolean }) {
  const found = useMemo(() => pieces(text, exact), [text, exact]);
  return found.map((piece, index) =>
    piece.kind === "text" ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the place in the text is the identity of a mark
      <span key={index} className={styles.mark} title={piece.title}>
        {piece.text}
      </span>
    ),
  );
}
