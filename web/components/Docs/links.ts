/** Where a link of a document leads: to a document, to an address outside, or to something that the console has not. */
export type Destination =
  | { readonly kind: "page"; readonly path: string; readonly anchor: string | undefined }
  | { readonly kind: "outside"; readonly address: string }
  | { readonly kind: "none" };

const HERE = "http://console.invalid/docs/";

/** Resolves a link as it stands in the document at `path`, such as `connectors/chatgpt-enterprise`. */
export function destinationOf(href: string, path: string): Destination {
  const url = URL.canParse(href, HERE + path) ? new URL(href, HERE + path) : undefined;
  if (url === undefined) return { kind: "none" };
  if (url.origin !== new URL(HERE).origin) {
    return /^(?:https?|mailto):$/.test(url.protocol) ? { kind: "outside", address: url.href } : { kind: "none" };
  }
  if (!url.pathname.startsWith("/docs/")) return { kind: "none" };
  const name = decoded(url.pathname.slice("/docs/".length));
  const page = name.replace(/\.md$/, "").replace(/\/$/, "");
  if (page === "" || /\.[a-z0-9]{2,5}$/i.test(page)) return { kind: "none" };
  return { kind: "page", path: page, anchor: url.hash === "" ? undefined : decoded(url.hash.slice(1)) };
}

/** Where the picture of a document is served; undefined for one from elsewhere, which is never loaded. */
export function pictureOf(src: string, path: string, scheme: "light" | "dark"): string | undefined {
  const url = URL.canParse(src, HERE + path) ? new URL(src, HERE + path) : undefined;
  if (url?.origin !== new URL(HERE).origin || !url.pathname.startsWith("/docs/")) return undefined;
  const name = url.pathname.slice("/docs/".length);
  if (!/\.(?:png|jpg|webp)$/.test(name)) return undefined;
  // A picture of the light console has a dark twin.
  return `/api/v1/doc-pictures/${name.replace(/-light(?=\.\w+$)/, `-${scheme}`)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that escapes nothing
  }
}
