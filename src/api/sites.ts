import { z } from "@hono/zod-openapi";
import type { ApiDeps } from "./deps.ts";
import { applyPlans } from "./plans.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";
import { Id, Instant } from "./schemas.ts";

const SiteRow = z.object({ id: z.string(), name: z.string(), createdAt: Instant, collectors: z.int() }).openapi("Site");
const Named = z.strictObject({ name: z.string() });
const tag = "sites";

/** Sites: named places or tenants, stamped on the events of their collectors. */
export function siteRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { control } = deps;
  const used = (id: string) => control.collectors().filter(({ siteId }) => siteId === id).length;
  return [
    route(
      {
        method: "get",
        path: "/sites",
        tag,
        summary: "All sites",
        permission: "collectors.read",
        answer: z.array(SiteRow).readonly(),
      },
      () => control.sites().map((site) => ({ ...site, collectors: used(site.id) })),
    ),
    route(
      {
        method: "post",
        path: "/sites",
        tag,
        summary: "Add a site",
        permission: "collectors.write",
        body: Named,
        answer: SiteRow,
        status: 201,
      },
      ({ c, body }) => {
        const site = control.createSite(body.name);
        recordChange(deps, c, "site.created", site.id, { name: site.name });
        return { ...site, collectors: 0 };
      },
    ),
    route(
      {
        method: "patch",
        path: "/sites/{id}",
        tag,
        summary: "Rename a site; events collected from then on carry the new name",
        permission: "collectors.write",
        params: Id,
        body: Named,
        answer: SiteRow,
      },
      async ({ c, params, body }) => {
        const site = control.renameSite(params.id, body.name);
        recordChange(deps, c, "site.renamed", site.id, { name: site.name });
        await applyPlans(deps);
        return { ...site, collectors: used(site.id) };
      },
    ),
    route(
      {
        method: "delete",
        path: "/sites/{id}",
        tag,
        summary: "Remove a site that no collector carries",
        permission: "collectors.write",
        params: Id,
      },
      ({ c, params }) => {
        control.deleteSite(params.id);
        recordChange(deps, c, "site.deleted", params.id);
      },
    ),
  ];
}
