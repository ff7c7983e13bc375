// Lines that could not be read. They are content, and hostile text like any other.
import { z } from "@hono/zod-openapi";
import { requireCollector } from "./changing.ts";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { recordRead } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";
import { Id, Instant } from "./schemas.ts";

const QuarantinedLine = z
  .object({
    id: z.int(),
    collectorId: z.string(),
    dataSource: z.string(),
    fileId: z.string(),
    line: z.int(),
    reason: z.string(),
    text: z.string(),
    sizeBytes: z.int(),
    at: Instant,
    acknowledgedAt: Instant.optional(),
  })
  .openapi("QuarantinedLine");

const OneLine = Id.extend({ number: z.coerce.number().int().positive() });

/** The latest that a list shows. */
const maxLines = 200;
const SHOWN_BYTES = 4_096;

/** Quarantined lines: the beginning of each, and all bytes of one. */
export function quarantineRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const common = { method: "get", tag: "collectors", permission: "events.read" } as const;
  return [
    route(
      {
        ...common,
        path: "/collectors/{id}/quarantine",
        summary: "Lines that could not be read, with the beginning of their text",
        params: Id,
        answer: z.array(QuarantinedLine).readonly(),
      },
      async ({ c, params }) => {
        requireCollector(deps, params.id);
        const found = await deps.reader.quarantine({ collectorId: params.id, limit: maxLines });
        recordRead(deps, c, "quarantine.read", params.id, { rows: found.length });
        return found.map(({ bytes, ...line }) => ({ ...line, sizeBytes: bytes.length, text: beginningOf(bytes) }));
      },
    ),
    route(
      {
        ...common,
        path: "/collectors/{id}/quarantine/{number}/raw",
        summary: "The exact bytes of one line that could not be read",
        params: OneLine,
        media: "application/octet-stream",
      },
      async ({ c, params: { id, number } }) => {
        requireCollector(deps, id);
        const [line] = await deps.reader.quarantine({ collectorId: id, id: number, limit: 1 });
        if (line === undefined) throw new Refusal("not_found", `There is no quarantined line ${number}`);
        recordRead(deps, c, "quarantine.downloaded", id, { line: number });
        return c.body(new Uint8Array(line.bytes), 200, {
          "content-type": "application/octet-stream",
          "content-disposition": `attachment; filename="quarantined-${number}.txt"`,
        });
      },
    ),
  ];
}

const beginningOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, SHOWN_BYTES));
