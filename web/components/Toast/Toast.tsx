import { ActionIcon } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Toast.module.css";

interface Message {
  readonly tone: "good" | "bad" | "info";
  readonly title: string;
  readonly text?: string;
  readonly action?: ReactNode;
}

const Context = createContext<(message: Message) => void>(() => undefined);

/** Tells the result of the reader's own action, for some seconds; failures stay until they are closed. */
export function useToast(): (message: Message) => void {
  return useContext(Context);
}

/** Holds the toasts of the page; they are read out by screen readers. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const [messages, setMessages] = useState<readonly (Message & { id: number })[]>([]);
  const close = useCallback((id: number) => setMessages((all) => all.filter((each) => each.id !== id)), []);
  const show = useCallback(
    (message: Message) => {
      const id = Date.now() + Math.random();
      setMessages((all) => [...all.slice(-3), { ...message, id }]);
      if (message.tone !== "bad") setTimeout(() => close(id), message.action === undefined ? 5_000 : 12_000);
    },
    [close],
  );
  return (
    <Context.Provider value={show}>
      {children}
      <section className={styles.stack} aria-live="polite" aria-label="Results">
        {messages.map(({ id, tone, title, text, action }) => (
          <div key={id} className={styles.toast} data-tone={tone}>
            <span className={styles.icon}>
              <Icon name={tone === "bad" ? "warning" : tone === "good" ? "check" : "info"} />
            </span>
            <div className={styles.body}>
              <strong>{title}</strong>
              {text !== undefined && <div className={styles.text}>{text}</div>}
              {action !== undefined && <div>{action}</div>}
            </div>
            <ActionIcon variant="subtle" color="gray" size={24} aria-label="Close message" onClick={() => close(id)}>
              <Icon name="close" size={14} />
            </ActionIcon>
          </div>
        ))}
      </section>
    </Context.Provider>
  );
}
