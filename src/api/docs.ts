import { z } from "@hono/zod-openapi";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { type ApiRoute, route } from "./route.ts";

const DocRow = z.object({ path: z.string(), title: z.string() });

/** The documents, to be read inside the console. */
export function docRoutes({ docs }: ApiDeps): readonly ApiRoute[] {
  const common = { method: "get", tag: "platform", permission: "docs.read" } as const;
  return [
    route(
      { ...common, path: "/docs", summary: "All documents", answer: z.array(DocRow.openapi("Document")).readonly() },
      () => docs.list(),
    ),
    route(
      {
        ...common,
        path: "/docs/{path}",
        summary: "One document as Markdown",
        params: z.object({ path: z.string().max(200) }),
        answer: z.object({ title: z.string(), markdown: z.string() }).openapi("DocumentText"),
      },
      ({ params }) => {
        const page = docs.read(params.path);
        if (page === undefined) throw new Refusal("not_found", `There is no document ${params.path}`);
        return page;
      },
    ),
    route(
      {
        ...common,
        path: "/doc-pictures/{path}",
        summary: "One picture of the documents",
        params: z.object({ path: z.string().max(200) }),
        media: "image/*",
      },
      ({ c, params }) => {
        const picture = docs.picture(params.path);
        if (picture === undefined) throw new Refusal("not_found", "There is no such picture");
        const headers = { "content-type": picture.type, "cache-control": "private, max-age=300" };
        return c.body(new Uint8Array(picture.bytes), 200, headers);
      },
    ),
  ];
}
