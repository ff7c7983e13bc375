import { Link } from "@tanstack/react-router";
import { Notice } from "../ErrorNotice/ErrorNotice.tsx";

/** Why there is nothing to edit here. */
export function ManagedByFile() {
  return (
    <Notice tone="info" title="Managed by the configuration file">
      Its settings are read here and changed there; they are taken over at the next start. It can be paused and resumed
      here, and its dead letters and replays are handled here.{" "}
      <Link to="/docs/$" params={{ _splat: "configuration" }} hash="destinations">
        The section of the file
      </Link>
    </Notice>
  );
}
