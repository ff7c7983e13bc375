import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../Icon/Icon.tsx";

interface Props {
  readonly text: string;
  /** What is copied, such as `workspace id`. */
  readonly what: string;
  /** Shown as a button with this word rather than as an icon. */
  readonly word?: string;
}

/** Copies a text to the clipboard and says so on the button for two seconds. */
export function CopyButton({ text, what, word }: Props) {
  const [state, setState] = useState<"ready" | "copied" | "refused">("ready");
  const copy = () => {
    navigator.clipboard
      .writeText(text)
      .then(() => setState("copied"))
      .catch(() => setState("refused"))
      .finally(() => setTimeout(() => setState("ready"), 2_000));
  };
  const said = { ready: `Copy ${what}`, copied: "Copied", refused: "The browser refused; select and copy by hand" }[
    state
  ];
  const icon = <Icon name={state === "copied" ? "check" : "copy"} size={14} />;
  if (word !== undefined) {
    return (
      <Button size="sm" variant="default" leftSection={icon} onClick={copy}>
        <span aria-live="polite">{state === "ready" ? word : said}</span>
      </Button>
    );
  }
  return (
    <Tooltip label={said}>
      <ActionIcon variant="subtle" size={24} color="gray" aria-label={said} onClick={copy}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
