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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that escapes nothing
  }
}
