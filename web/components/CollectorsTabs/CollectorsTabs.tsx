import { Link } from "@tanstack/react-router";
import styles from "./CollectorsTabs.module.css";

/** Installed collectors, and the catalogue of what can be installed. */
export function CollectorsTabs() {
  return (
    <nav className={styles.tabs} aria-label="Collectors">
      <Link
        to="/collectors"
        activeOptions={{ exact: true, includeSearch: false }}
        activeProps={{ "data-active": true }}
      >
        Overview
      </Link>
      <Link to="/collectors/new" activeOptions={{ includeSearch: false }} activeProps={{ "data-active": true }}>
        Catalogue
      </Link>
    </nav>
  );
}
