import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "../ConfirmDialog/ConfirmDialog.tsx";

/** Asks before a page is left on which something is typed that is not saved. */
export function LeaveGuard({ wouldLose, what }: { readonly wouldLose: () => boolean; readonly what: string }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: wouldLose,
    enableBeforeUnload: wouldLose,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={status === "blocked"}
      title={`Leave ${what} unsaved?`}
      verb="Discard what was entered"
      onConfirm={() => proceed?.()}
      onClose={() => reset?.()}
    >
      <p>What you entered on this page is not saved yet.</p>
    </ConfirmDialog>
  );
}
