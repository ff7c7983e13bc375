import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCollectors } from "../../hooks/useCollectors.ts";
import { useDensity } from "../../hooks/useDensity.ts";
import { useDestinations } from "../../hooks/useDestinations.ts";
import { useSessionActions } from "../../hooks/useSession.ts";
import { useTheme } from "../../hooks/useTheme.ts";
import { useZone } from "../../hooks/useZone.ts";
import type { IconName } from "../Icon/Icon.tsx";

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: IconName;
  readonly run: () => void;
}

type Page =
  | "/collectors"
  | "/collectors/new"
  | "/events"
  | "/destinations"
  | "/destinations/new"
  | "/sites"
  | "/docs"
  | "/settings";

/** All that can be done by name, in the order of the rail. */
export function useCommands(): readonly Command[] {
  const navigate = useNavigate();
  const { choose: theme } = useTheme();
  const { choose: density } = useDensity();
  const { choose: zone } = useZone();
  const { signOut } = useSessionActions();
  const { data } = useCollectors();
  const destinations = useDestinations().data;
  return useMemo(() => {
    const go = (to: Page) => () => void navigate({ to });
    const pages: readonly Command[] = [
      { id: "collectors", label: "Collectors", hint: "g c", icon: "collectors", run: go("/collectors") },
      { id: "new", label: "New collector", hint: "Catalogue · g n", icon: "plus", run: go("/collectors/new") },
      { id: "events", label: "Events", hint: "g e", icon: "events", run: go("/events") },
      { id: "destinations", label: "Destinations", hint: "g t", icon: "destinations", run: go("/destinations") },
      { id: "new-destination", label: "New destination", hint: "Kinds", icon: "plus", run: go("/destinations/new") },
      { id: "sites", label: "Sites", hint: "g s", icon: "sites", run: go("/sites") },
      { id: "docs", label: "Docs", hint: "g d", icon: "docs", run: go("/docs") },
      { id: "settings", label: "Settings", hint: "g ,", icon: "settings", run: go("/settings") },
    ];
    const collectors = (data?.collectors ?? []).map(({ id, name, connectorTitle }) => ({
      id,
      label: name,
      hint: connectorTitle,
      icon: "arrowRight" as const,
      run: () => void navigate({ to: "/collectors/$id", params: { id } }),
    }));
    return [
      ...pages,
      ...collectors,
      ...(destinations ?? []).map(({ id, name, kind }) => ({
        id,
        label: name,
        hint: `Destination · ${kind}`,
        icon: "arrowRight" as const,
        run: () => void navigate({ to: "/destinations/$id", params: { id } }),
      })),
      { id: "light", label: "Light theme", hint: "Theme", icon: "sun", run: () => theme("light") },
      { id: "dark", label: "Dark theme", hint: "Theme", icon: "moon", run: () => theme("dark") },
      { id: "system", label: "Theme of the system", hint: "Theme", icon: "system", run: () => theme("system") },
      {
        id: "comfortable",
        label: "Comfortable rows",
        hint: "Tables",
        icon: "comfortable",
        run: () => density("comfortable"),
      },
      { id: "compact", label: "Compact rows", hint: "Tables", icon: "compact", run: () => density("compact") },
      { id: "utc", label: "Show times in UTC", hint: "Time zone", icon: "clock", run: () => zone("UTC") },
      { id: "local", label: "Show times in local time", hint: "Time zone", icon: "clock", run: () => zone("local") },
      { id: "out", label: "Sign out", hint: "Account", icon: "user", run: () => signOut.mutate() },
    ];
  }, [navigate, data, destinations, theme, density, zone, signOut.mutate]);
}
