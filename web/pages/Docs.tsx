import { Skeleton } from "@mantine/core";
import { Link, useLocation, useParams } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";
import { ApiError } from "../api.ts";
import styles from "../components/Docs/Docs.module.css";
import { DocsIndex, DocsTiles } from "../components/Docs/DocsIndex.tsx";
import { plainText } from "../components/Docs/inline.ts";
import { Markdown } from "../components/Docs/Markdown.tsx";
import type { Block } from "../components/Docs/markdown.ts";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { PageHeader, useTitle } from "../components/PageHeader/PageHeader.tsx";
import { useDocs, useDocsPage } from "../hooks/useDocs.ts";

/** The documents of this version: their names, and the one that the address names. */
export function Docs() {
  const { _splat: path = "" } = useParams({ strict: false });
  const list = useDocs();
  return (
    <div className="page">
      {path === "" && <PageHeader title="Docs" line="The documents of the version that runs" />}
      {list.error && (
        <ErrorNotice
          error={list.error}
          what="The list of documents could not be loaded"
          retry={() => void list.refetch()}
        />
      )}
      {list.data?.length === 0 && (
        <EmptyState title="No documents">
          This server came without its documents. The source of the same version has them in its folder docs.
        </EmptyState>
      )}
      {path === "" && list.isPending && <Loading />}
      {path === "" && list.data && <DocsTiles docs={list.data} />}
      {path !== "" && (
        <div className={styles.docs}>
          {list.data ? <DocsIndex docs={list.data} /> : <Skeleton height={240} radius={6} />}
          <Page key={path} path={path} />
        </div>
      )}
    </div>
  );
}

function Page({ path }: { readonly path: string }) {
  const { data, blocks, error, refetch } = useDocsPage(path);
  useTitle(data?.title ?? "Docs");
  const place = useRef<HTMLElement>(null);
  useAnchor(place, blocks);
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <>
      <article ref={place} className={styles.page}>
        {missing && (
          <EmptyState title="There is no such document" action={<Link to="/docs">All documents</Link>}>
            This version has no document <code>{path}</code>.
          </EmptyState>
        )}
        {error && !missing && (
          <ErrorNotice error={error} what="The document could not be loaded" retry={() => void refetch()} />
        )}
        {!blocks && !error && <Loading />}
        {blocks && <Markdown blocks={blocks} path={path} />}
      </article>
      {blocks && <Contents blocks={blocks} path={path} />}
    </>
  );
}

// The document arrives after the address, so its anchor is looked for then. `auth_failed` also finds `auth_failed: …`.
function useAnchor(place: RefObject<HTMLElement | null>, blocks: readonly Block[] | undefined): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (blocks === undefined || hash === "") return;
    const marked = [...(place.current?.querySelectorAll<HTMLElement>("[id]") ?? [])];
    const found = marked.find(({ id }) => id === hash) ?? marked.find(({ id }) => id.startsWith(`${hash}-`));
    if (found === undefined) return;
    found.dataset.target = "true";
    found.scrollIntoView({ block: "start" });
    return () => {
      delete found.dataset.target;
    };
  }, [place, blocks, hash]);
}

function Contents({ blocks, path }: { readonly blocks: readonly Block[]; readonly path: string }) {
  const headings = blocks.filter((block) => block.kind === "heading").filter(({ level }) => level === 2 || level === 3);
  if (headings.length < 2) return null;
  return (
    <nav aria-label="On this page" className={styles.contents}>
      <h2>On this page</h2>
      <ul>
        {headings.map(({ id, level, children }) => (
          <li key={id}>
            <Link to="/docs/$" params={{ _splat: path }} hash={id} data-level={level}>
              {plainText(children)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Loading() {
  return (
    <div className={styles.loading}>
      {[42, 90, 84, 95, 60, 0, 88, 92].map((width, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={line} height={line === 0 ? 26 : 13} width={`${width}%`} radius={3} />
      ))}
    </div>
  );
}
