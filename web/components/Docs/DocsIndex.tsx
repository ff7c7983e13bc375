import { Link } from "@tanstack/react-router";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Docs.module.css";
import type { DocRow } from "./docs-api.ts";

/** The documents by name, those of a folder together. */
export function DocsIndex({ docs }: { readonly docs: readonly DocRow[] }) {
  return (
    <nav aria-label="Documents" className={styles.index}>
      {foldersOf(docs).map(([folder, pages]) => (
        <div key={folder}>
          {folder !== "" && <h2>{nameOf(folder)}</h2>}
          <ul>
            {pages.map(({ path, title }) => (
              <li key={path}>
                <Link
                  to="/docs/$"
                  params={{ _splat: path }}
                  activeProps={{ "data-active": true }}
                  activeOptions={{ includeHash: false }}
                  data-row
                >
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

/** The documents as tiles, for the page that shows none of them. */
export function DocsTiles({ docs }: { readonly docs: readonly DocRow[] }) {
  return foldersOf(docs).map(([folder, pages]) => (
    <section key={folder} className={styles.folder} aria-label={folder === "" ? "General" : nameOf(folder)}>
      {folder !== "" && <h2>{nameOf(folder)}</h2>}
      <ul className={styles.tiles}>
        {pages.map(({ path, title }) => (
          <li key={path}>
            <Link to="/docs/$" params={{ _splat: path }} className={styles.tile} data-row>
              <Icon name="docs" size={18} />
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  ));
}

const nameOf = (folder: string) => `${folder[0]?.toUpperCase()}${folder.slice(1).replaceAll("-", " ")}`;

function foldersOf(docs: readonly DocRow[]): readonly (readonly [string, readonly DocRow[]])[] {
  const folders = Map.groupBy(docs, ({ path }) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : ""));
  return [...folders].sort(([a], [b]) => a.localeCompare(b));
}
