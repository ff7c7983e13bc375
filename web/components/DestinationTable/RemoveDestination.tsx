import type { Destination } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { useDestinationActions } from "../../hooks/useDestinations.ts";
import { ConfirmDialog } from "../ConfirmDialog/ConfirmDialog.tsx";

interface Props {
  readonly destination: Destination;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Removes a destination, after saying what is lost with it. */
export function RemoveDestination({ destination, opened, onClose }: Props) {
  const { remove } = useDestinationActions();
  const { pending, deadLetters } = destination.status;
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove ${destination.name}?`}
      verb="Remove destination"
      destructive
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(destination)}
      onClose={onClose}
    >
      <p>
        Delivery stops at once. What goes with it, for good: its settings and secrets, the position up to which it has
        had everything, its receipts
        {deadLetters === 0 ? " and its record of dead letters" : `, and ${plural(deadLetters, "dead letter")}`}. One
        that is added again begins anew, and its pseudonyms are others.
      </p>
      <p>
        {pending > 0 && <strong>{plural(pending, "event")} pending will not be delivered. </strong>}
        What it has received stays there, and the events stay in Cistern.
      </p>
    </ConfirmDialog>
  );
}
