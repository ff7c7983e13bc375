import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import type { LetterChoice } from "../../api-types.ts";
import { count, plural } from "../../format/numbers.ts";
import type { useLetterActions } from "../../hooks/useDeliveries.ts";
import { ConfirmDialog } from "../ConfirmDialog/ConfirmDialog.tsx";
import { Icon } from "../Icon/Icon.tsx";

type Ids = LetterChoice["ids"];

interface Props {
  readonly chosen: readonly number[];
  /** Some wait for a person, on whatever page. */
  readonly anyWaits: boolean;
  readonly change: ReturnType<typeof useLetterActions>;
  readonly onDone: () => void;
}

/** Sends those that are chosen, or all that wait, again; or gives them up, which is asked about first. */
export function LetterButtons({ chosen, anyWaits, change, onDone }: Props) {
  const [asking, setAsking] = useState<Ids>();
  const close = () => setAsking(undefined);
  const retry = (ids: Ids) => change.mutate({ action: "retry", ids }, { onSuccess: onDone });
  const discard = (ids: Ids) => change.mutate({ action: "discard", ids }, { onSuccess: onDone, onSettled: close });
  const amount = asking === "all" ? "all that wait" : plural(asking?.length ?? 0, "dead letter");
  return (
    <>
      {chosen.length > 0 && <span className="quiet">{count(chosen.length)} selected</span>}
      <Button
        size="xs"
        variant="default"
        disabled={chosen.length === 0}
        loading={change.isPending && change.variables.action === "retry"}
        onClick={() => retry(chosen)}
      >
        Send again
      </Button>
      <Button size="xs" variant="default" disabled={chosen.length === 0} onClick={() => setAsking(chosen)}>
        Give up
      </Button>
      <Menu width={230}>
        <Menu.Target>
          <Button size="xs" variant="default" disabled={!anyWaits} rightSection={<Icon name="chevronDown" size={12} />}>
            All that wait
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="refresh" />} onClick={() => retry("all")}>
            Send all that wait again
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="trash" />} data-tone="bad" onClick={() => setAsking("all")}>
            Give up all that wait
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking !== undefined}
        title={`Give up ${amount}?`}
        verb="Give up"
        destructive
        busy={change.isPending}
        onClose={close}
        onConfirm={() => asking !== undefined && discard(asking)}
      >
        <p>
          They are not sent any more, and retention may remove their events as it does all others. They stay listed as
          given up, with your name. A replay can still send their events.
        </p>
      </ConfirmDialog>
    </>
  );
}
