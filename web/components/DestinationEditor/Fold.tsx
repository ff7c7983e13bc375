import { UnstyledButton } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import form from "../CollectorForm/CollectorForm.module.css";
import { Icon } from "../Icon/Icon.tsx";

interface Props {
  readonly title: string;
  readonly hint: string;
  /** Opened whatever the reader did: something in it is wrong. */
  readonly opened: boolean;
  /** Open at first: something in it is filled in. */
  readonly initially?: boolean;
  readonly children: ReactNode;
}

/** A part of a form that is folded away. */
export function Fold({ title, hint, opened, initially = false, children }: Props) {
  const [open, setOpen] = useState(initially);
  const id = useId();
  const shown = open || opened;
  return (
    <div className={form.fold}>
      <UnstyledButton className={form.summary} aria-expanded={shown} aria-controls={id} onClick={() => setOpen(!shown)}>
        <Icon name={shown ? "chevronDown" : "chevronRight"} size={14} />
        {title}
        <span className={form.hint}>{hint}</span>
      </UnstyledButton>
      <div id={id} hidden={!shown} className={form.inner}>
        {children}
      </div>
    </div>
  );
}
