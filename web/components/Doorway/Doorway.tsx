import type { ReactNode } from "react";
import { Mark } from "../Mark/Mark.tsx";
import { useTitle } from "../PageHeader/PageHeader.tsx";
import { ThemeSwitch } from "../ThemeSwitch/ThemeSwitch.tsx";
import styles from "./Doorway.module.css";

interface Props {
  readonly title: string;
  readonly line?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}

/** A page outside the frame: set-up, sign-in, server away. */
export function Doorway({ title, line, children, foot }: Props) {
  useTitle(title);
  return (
    <div className={styles.page}>
      <div className={styles.theme}>
        <ThemeSwitch />
      </div>
      <main className={styles.door}>
        <div className={styles.name}>
          <Mark size={30} />
          <span>Cistern</span>
        </div>
        <div className={styles.card}>
          <h1>{title}</h1>
          {line !== undefined && <p className={styles.line}>{line}</p>}
          <div className={styles.content}>{children}</div>
        </div>
        {foot !== undefined && <p className={styles.foot}>{foot}</p>}
      </main>
      <svg className={styles.water} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="10" />
      </svg>
    </div>
  );
}
