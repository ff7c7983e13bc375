import { type ReactNode, useEffect } from "react";
import styles from "./PageHeader.module.css";

interface Props {
  readonly title: string;
  readonly line?: ReactNode;
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page: its title, one quiet line, its actions. Also names the browser's tab. */
export function PageHeader({ title, line, above, actions }: Props) {
  useTitle(title);
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {above}
        <h1>{title}</h1>
        {line !== undefined && <div className={styles.line}>{line}</div>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

/** Names the browser's tab while the page is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Cistern`;
  }, [title]);
}
