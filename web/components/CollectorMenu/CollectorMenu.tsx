import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api.ts";
import type { CollectorRow } from "../../api-types.ts";
import { useCollectorActions } from "../../hooks/useCollectors.ts";
import { useMayOperate } from "../../hooks/useSession.ts";
import { Icon } from "../Icon/Icon.tsx";
import { DeleteCollector } from "./DeleteCollector.tsx";

interface Props {
  readonly collector: CollectorRow;
  /** In a list there is no other button for start and stop. */
  readonly withStart?: boolean;
}

/** What can be done with one collector. */
export function CollectorMenu({ collector, withStart = true }: Props) {
  const [deleting, setDeleting] = useState(false);
  const fixed = collector.managedBy === "file";
  const locked = !useMayOperate() || fixed;
  return (
    <>
      <Menu width={210}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={`More about ${collector.name}`}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {fixed && <Menu.Label>Managed by the configuration file</Menu.Label>}
          <RunItems collector={collector} withStart={withStart} />
          <Menu.Item
            leftSection={<Icon name="edit" />}
            disabled={locked}
            renderRoot={(props) => <Link to="/collectors/$id/edit" params={{ id: collector.id }} {...props} />}
          >
            Edit
          </Menu.Item>
          <Duplicate collector={collector} />
          <Menu.Item
            component="a"
            href={api.exportUrl(collector.id)}
            download={`${collector.name}.yaml`}
            leftSection={<Icon name="download" />}
          >
            Export YAML
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<Icon name="trash" />}
            data-tone="bad"
            disabled={locked}
            onClick={() => setDeleting(true)}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteCollector collector={collector} opened={deleting} onClose={() => setDeleting(false)} />
    </>
  );
}

function RunItems({ collector, withStart }: Required<Props>) {
  const { act, scan } = useCollectorActions();
  const mayOperate = useMayOperate();
  const action = collector.paused ? "resume" : "pause";
  return (
    <>
      {withStart && (
        <Menu.Item
          leftSection={<Icon name={collector.paused ? "play" : "pause"} />}
          disabled={!mayOperate || collector.managedBy === "file"}
          onClick={() => act.mutate({ targets: [collector], action })}
        >
          {collector.paused ? "Start" : "Stop"}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<Icon name="refresh" />}
        disabled={!mayOperate || collector.paused}
        onClick={() => scan.mutate(collector)}
      >
        Look for new files now
      </Menu.Item>
    </>
  );
}

function Duplicate({ collector }: { readonly collector: CollectorRow }) {
  const { duplicate } = useCollectorActions();
  const mayOperate = useMayOperate();
  return (
    <Menu.Item
      leftSection={<Icon name="duplicate" />}
      disabled={!mayOperate}
      onClick={() => duplicate.mutate(collector)}
    >
      Duplicate
    </Menu.Item>
  );
}
