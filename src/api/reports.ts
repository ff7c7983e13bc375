import { z } from "@hono/zod-openapi";
import { recordName } from "../model/access.ts";
import { requireCollector } from "./changing.ts";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { recordChange, recordRead } from "./record.ts";
import { type ApiRoute, identityOf, route } from "./route.ts";
import { GivenInstant, Id, Instant } from "./schemas.ts";

const tag = "reports";
const permission = "reports.issue" as const;

const Interval = z.object({ from: z.string(), to: z.string(), reason: z.string() });

/** docs/coverage.md says what stands in it; who checks one reads its bytes. */
const Document = z.looseObject({ id: z.string() }).openapi("CompletenessReport");

const Issued = z
  .array(
    z.object({
      id: z.string(),
      from: Instant,
      to: Instant,
      issuedAt: Instant,
      issuedBy: z.string(),
      sha256: z.string(),
      dataSources: z.array(z.string()).readonly(),
      /** What has come to light since, by data source. */
      corrections: z
        .array(
          z.object({
            dataSource: z.string(),
            contradicted: z.boolean(),
            filesAdded: z.array(z.string()).readonly(),
            filesChanged: z.array(z.object({ id: z.string(), from: z.string(), to: z.string() })).readonly(),
            gapsAdded: z.array(Interval).readonly(),
            gapsClosed: z.array(Interval).readonly(),
          }),
        )
        .readonly(),
    }),
  )
  .readonly()
  .openapi("IssuedReports");

/** Completeness reports: no content, and each one that is issued or fetched is in the access record. */
export const reportRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  route(
    {
      method: "post",
      tag,
      permission,
      path: "/reports/completeness",
      summary: "Issue a signed completeness report; the answer is its exact bytes, to be kept as they are",
      body: z.strictObject({ collector: z.string().min(1).max(100), from: GivenInstant, to: GivenInstant }),
      answer: Document,
    },
    async ({ c, body }) => {
      const { id: collectorId } = requireCollector(deps, body.collector);
      const by = recordName(identityOf(c));
      const { id, document } = await deps.reports.issue({ collectorId, from: body.from, to: body.to, by });
      recordChange(deps, c, "report.issued", collectorId, { report: id, from: body.from, to: body.to });
      return c.body(new Uint8Array(document), 200, download(`${id}.json`, "application/json"));
    },
  ),
  route(
    {
      method: "get",
      tag,
      permission,
      path: "/collectors/{id}/reports",
      summary: "The reports that were issued, the latest first, and what has come to light since",
      params: Id,
      answer: Issued,
    },
    async ({ params }) => {
      requireCollector(deps, params.id);
      const issued = await deps.reports.issued(params.id);
      return issued.map(({ id, from, to, issuedAt, issuedBy, sha256, dataSources, corrections }) => ({
        ...{ id, from, to, issuedAt, issuedBy, sha256, dataSources },
        corrections: corrections.map(({ report: _report, issuedAt: _issuedAt, ...rest }) => rest),
      }));
    },
  ),
  fileRoute(deps, "", "The exact bytes of a report", "application/json"),
  fileRoute(deps, "/page", "A report as a page for printing", "text/html"),
];

function fileRoute(
  deps: ApiDeps,
  path: "" | "/page",
  summary: string,
  media: "application/json" | "text/html",
): ApiRoute {
  return route(
    {
      ...{ method: "get", tag, permission, path: `/reports/{id}${path}`, summary, params: Id, media },
      ...(path === "" && { answer: Document }),
    },
    async ({ c, params }) => {
      const document = await deps.reports.document(params.id);
      if (document === undefined) throw new Refusal("not_found", "There is no such report");
      recordRead(deps, c, "report.read", params.id);
      if (path === "") return c.body(new Uint8Array(document), 200, download(`${params.id}.json`, media));
      return c.body(deps.reports.page(document), 200, download(`${params.id}.html`, `${media}; charset=utf-8`));
    },
  );
}

// Always a download: a page of its own has another policy than the console's.
const download = (name: string, type: string) => ({
  "content-type": type,
  "content-disposition": `attachment; filename="${name}"`,
});
