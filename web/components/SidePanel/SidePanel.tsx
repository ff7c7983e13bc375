import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./SidePanel.module.css";

interface Props {
  readonly title: ReactNode;
  readonly onClose: () => void;
  /** False while a dialog over the panel has the key. */
  readonly closeOnEscape?: boolean;
  readonly children: ReactNode;
  /** Stays in sight below what scrolls. */
  readonly foot: ReactNode;
}

/** A panel of 520 px from the right, over the page it belongs to. */
export function SidePanel({ title, onClose, closeOnEscape = true, children, foot }: Props) {
  return (
    <Drawer
      opened
      onClose={onClose}
      closeOnEscape={closeOnEscape}
      position="right"
      size={520}
      title={title}
      padding={0}
      closeButtonProps={{ "aria-label": "Close panel" }}
      classNames={{
        content: styles.content ?? "",
        header: styles.header ?? "",
        body: styles.body ?? "",
        title: styles.title ?? "",
      }}
    >
      <div className={styles.scroll}>{children}</div>
      <footer className={styles.foot}>{foot}</footer>
    </Drawer>
  );
}
