import { Link } from "@tanstack/react-router";
import { createElement, Fragment, type ReactNode } from "react";
import { useTheme } from "../../hooks/useTheme.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { type Inline, plainText } from "./inline.ts";
import { destinationOf, pictureOf } from "./links.ts";
import styles from "./Markdown.module.css";
import { type Align, anchorOf, type Block } from "./markdown.ts";

interface Props {
  readonly blocks: readonly Block[];
  /** Of the document, for its links. */
  readonly path: string;
}

/** A document as React elements. No markup of the text reaches the page, and nothing is loaded from outside. */
export function Markdown({ blocks, path }: Props) {
  return (
    <div className={styles.text}>
      <Blocks blocks={blocks} path={path} />
    </div>
  );
}

function Blocks({ blocks, path }: Props) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change while it is shown
  return blocks.map((block, index) => <BlockView key={index} block={block} path={path} />);
}

function BlockView({ block, path }: { readonly block: Block; readonly path: string }) {
  switch (block.kind) {
    case "heading":
      return createElement(
        `h${block.level}`,
        { id: block.id, tabIndex: -1 },
        <Parts parts={block.children} path={path} />,
      );
    case "paragraph":
      return (
        <p>
          <Parts parts={block.children} path={path} />
        </p>
      );
    case "code":
      return (
        <div className={styles.code}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <pre tabIndex={0}>
            <code>{block.text}</code>
          </pre>
          <div className={styles.copy}>
            <CopyButton text={block.text} what="code" />
          </div>
        </div>
      );
    case "quote":
      return (
        <blockquote>
          <Blocks blocks={block.blocks} path={path} />
        </blockquote>
      );
    case "list":
      return <List block={block} path={path} />;
    case "table":
      return <Table block={block} path={path} />;
    case "rule":
      return <hr />;
  }
}

function List({ block, path }: { readonly block: Extract<Block, { kind: "list" }>; readonly path: string }) {
  const items = block.items.map((item, index) => {
    const [only] = item;
    // An item of one paragraph stands close to its neighbours.
    const tight = item.length === 1 && only?.kind === "paragraph" ? only : undefined;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change while it is shown
      <li key={index}>{tight ? <Parts parts={tight.children} path={path} /> : <Blocks blocks={item} path={path} />}</li>
    );
  });
  return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ block, path }: { readonly block: Extract<Block, { kind: "table" }>; readonly path: string }) {
  const cell = (parts: readonly Inline[]): ReactNode => <Parts parts={parts} path={path} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <div className={styles.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {block.head.map((parts, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change while it is shown
              <th key={column} scope="col" className={alignClass(block.align[column])}>
                {cell(parts)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change while it is shown
            <tr key={index} id={rowId(row[0])}>
              {row.map((parts, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change while it is shown
                <td key={column} className={alignClass(block.align[column])}>
                  {cell(parts)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// A row that begins with a code, such as `auth_failed`, can be linked to by it.
function rowId(first: readonly Inline[] | undefined): string | undefined {
  const [only] = first ?? [];
  return first?.length === 1 && only?.kind === "code" ? anchorOf(only.text) : undefined;
}

function alignClass(align: Align): string | undefined {
  return align === "right" ? styles.right : align === "center" ? styles.center : undefined;
}

function Parts({ parts, path }: { readonly parts: readonly Inline[]; readonly path: string }) {
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change while it is shown
    <Fragment key={index}>
      <Part part={part} path={path} />
    </Fragment>
  ));
}

function Part({ part, path }: { readonly part: Inline; readonly path: string }): ReactNode {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return <code>{part.text}</code>;
    case "strong":
      return (
        <strong>
          <Parts parts={part.children} path={path} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Parts parts={part.children} path={path} />
        </em>
      );
    case "break":
      return <br />;
    case "image":
      return <Picture part={part} path={path} />;
    case "link":
      return <Reference part={part} path={path} />;
  }
}

function Picture({ part, path }: { readonly part: Extract<Inline, { kind: "image" }>; readonly path: string }) {
  const src = pictureOf(part.src, path, useTheme().resolved);
  if (src !== undefined) return <img className={styles.picture} src={src} alt={part.alt} loading="lazy" />;
  return (
    <span className={styles.image}>
      <Icon name="docs" size={14} /> Picture: {part.alt || part.src}
    </span>
  );
}

function Reference({ part, path }: { readonly part: Extract<Inline, { kind: "link" }>; readonly path: string }) {
  const to = destinationOf(part.href, path);
  const words = <Parts parts={part.children} path={path} />;
  if (to.kind === "page") {
    return (
      <Link to="/docs/$" params={{ _splat: to.path }} {...(to.anchor !== undefined && { hash: to.anchor })}>
        {words}
      </Link>
    );
  }
  if (to.kind === "none") return words;
  const said = plainText(part.children);
  return (
    <span>
      {said === to.address || `${said}/` === to.address ? null : <>{words} </>}
      <code>{to.address}</code>
      <CopyButton text={to.address} what="address" />
    </span>
  );
}
