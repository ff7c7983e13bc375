import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { ApiError } from "../../api.ts";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./ErrorNotice.module.css";

interface NoticeProps {
  readonly tone: "bad" | "warn" | "info" | "good" | "upstream";
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Announced at once by screen readers: for what follows the reader's own action. */
  readonly live?: boolean;
}

/** A framed message with a tone: title, text, one action. */
export function Notice({ tone, title, children, action, live = false }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone} role={live ? "alert" : undefined}>
      <span className={styles.icon}>
        <Icon name={tone === "good" ? "check" : tone === "info" || tone === "upstream" ? "info" : "warning"} />
      </span>
      <div className={styles.body}>
        <strong className={styles.title}>{title}</strong>
        {children !== undefined && <div className={styles.text}>{children}</div>}
      </div>
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  );
}

interface Props {
  readonly error: Error;
  /** To what it happened: `The collectors could not be loaded`. */
  readonly what: string;
  readonly retry?: (() => void) | undefined;
}

/** What happened, to what, and what to do. */
export function ErrorNotice({ error, what, retry }: Props) {
  const problem = error instanceof ApiError ? error.problem : undefined;
  return (
    <Notice
      tone="bad"
      title={what}
      live
      action={
        retry && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )
      }
    >
      {sentence(problem?.detail ?? error.message)} {problem?.action !== undefined && sentence(problem.action)}{" "}
      {problem !== undefined && problem.code !== "offline" && <code className={styles.code}>{problem.code}</code>}
    </Notice>
  );
}

/** The text with a full stop at its end. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
