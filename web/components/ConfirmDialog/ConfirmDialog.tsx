import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import styles from "./ConfirmDialog.module.css";

interface Props {
  readonly opened: boolean;
  /** Names the object: `Delete chatgpt-prod?`. */
  readonly title: string;
  /** The effect, in full. */
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly verb: string;
  readonly destructive?: boolean;
  readonly busy?: boolean;
  readonly error?: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back; names the object and the effect. */
export function ConfirmDialog(props: Props) {
  const { opened, title, children, verb, destructive = false, busy = false, error, onConfirm, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={460} closeButtonProps={{ "aria-label": "Close" }}>
      <div className={styles.body}>
        {children}
        {error && <ErrorNotice error={error} what={`${verb} did not work`} />}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button className={destructive ? styles.destructive : undefined} loading={busy} onClick={onConfirm}>
            {verb}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
