import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon, type IconName } from "../Icon/Icon.tsx";
import { Mark } from "../Mark/Mark.tsx";
import { Bands } from "./Bands.tsx";
import styles from "./Frame.module.css";
import { TopBar } from "./TopBar.tsx";

interface Place {
  readonly to: "/collectors" | "/events" | "/destinations" | "/sites" | "/docs" | "/settings";
  readonly label: string;
  readonly icon: IconName;
}

const places: readonly Place[] = [
  { to: "/collectors", label: "Collectors", icon: "collectors" },
  { to: "/events", label: "Events", icon: "events" },
  { to: "/destinations", label: "Destinations", icon: "destinations" },
  { to: "/sites", label: "Sites", icon: "sites" },
];
const below: readonly Place[] = [
  { to: "/docs", label: "Docs", icon: "docs" },
  { to: "/settings", label: "Settings", icon: "settings" },
];

/** Rail, top bar and the place where pages stand. */
export function Frame({
  children,
  onSearch,
  onHelp,
}: {
  readonly children: ReactNode;
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}) {
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <nav className={styles.rail} aria-label="Main">
        <Link to="/collectors" className={styles.home} aria-label="Cistern: collectors">
          <Mark size={26} />
        </Link>
        <Places places={places} />
        <div className={styles.spring} />
        <Places places={below} />
      </nav>
      <TopBar onSearch={onSearch} onHelp={onHelp} />
      <main id="content" className={styles.content} tabIndex={-1}>
        <Bands />
        {children}
      </main>
    </div>
  );
}

function Places({ places }: { readonly places: readonly Place[] }) {
  return (
    <ul className={styles.places}>
      {places.map(({ to, label, icon }) => (
        <li key={to}>
          <Link
            to={to}
            className={styles.place}
            activeProps={{ "data-active": true }}
            activeOptions={{ includeSearch: false }}
          >
            <Icon name={icon} size={20} />
            <span>{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
