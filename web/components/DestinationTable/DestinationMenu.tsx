import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Destination } from "../../api-types.ts";
import { useDestinationActions } from "../../hooks/useDestinations.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import { Icon } from "../Icon/Icon.tsx";
import { RemoveDestination } from "./RemoveDestination.tsx";

/** What can be done with one destination. A pause is operation, and possible where the file manages the rest. */
export function DestinationMenu({ destination }: { readonly destination: Destination }) {
  const [removing, setRemoving] = useState(false);
  const { act } = useDestinationActions();
  const mayOperate = useSettingsPermission("destinations.operate") === true;
  const mayWrite = useSettingsPermission("destinations.write") === true;
  const { id, name, paused, managedBy } = destination;
  const fixed = managedBy === "file";
  return (
    <>
      <Menu width={210}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={`More about ${name}`}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {fixed && <Menu.Label>Managed by the configuration file</Menu.Label>}
          <Menu.Item
            leftSection={<Icon name={paused ? "play" : "pause"} />}
            disabled={!mayOperate}
            onClick={() => act.mutate({ target: destination, action: paused ? "resume" : "pause" })}
          >
            {paused ? "Resume" : "Pause"}
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="refresh" />}
            disabled={!mayOperate || paused}
            onClick={() => act.mutate({ target: destination, action: "try-now" })}
          >
            Try now
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="edit" />}
            disabled={!mayWrite || fixed}
            renderRoot={(props) => <Link to="/destinations/$id/edit" params={{ id }} {...props} />}
          >
            Edit
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<Icon name="trash" />}
            data-tone="bad"
            disabled={!mayWrite || fixed}
            onClick={() => setRemoving(true)}
          >
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RemoveDestination destination={destination} opened={removing} onClose={() => setRemoving(false)} />
    </>
  );
}
