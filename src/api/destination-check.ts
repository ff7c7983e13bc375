// The staged connection test of a destination, and what would be delivered.
import type { StoredEvent } from "../model/event.ts";
import { checkAnswer } from "./check.ts";
import type { ApiDeps } from "./deps.ts";
import { CheckBody, PreviewAnswer, PreviewBody } from "./destination-schemas.ts";
import { readDestination } from "./destination-settings.ts";
import { recordChange, recordRead } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";

/** So many of the newest events are looked at for a preview. */
const SAMPLE = 200;
/** Longest part of an event that a preview shows. */
const SHOWN = 20_000;
const DAY_MS = 86_400_000;

export const destinationCheckRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  route(
    {
      method: "post",
      path: "/destinations/check",
      tag: "destinations",
      summary:
        "Test a destination with a marked event; one JSON object a line, each step when it starts and when it has ended",
      permission: "destinations.write",
      body: CheckBody,
      media: "application/x-ndjson",
    },
    ({ c, body }) => {
      const { kind, whole } = readDestination(deps, body.kind, body.settings, body.destinationId);
      recordChange(deps, c, "destination.tested", body.destinationId, { kind: kind.name });
      const format = body.format ?? kind.formats[0]!;
      return checkAnswer(deps, c, (signal) =>
        deps.destinationTester.test(
          { kind: kind.name, settings: whole, format, destinationId: body.destinationId },
          signal,
        ),
      );
    },
  ),
  route(
    {
      method: "post",
      path: "/destinations/preview",
      tag: "destinations",
      summary: "Stored events before and after filter, masks and format; nothing is sent",
      permission: "events.read",
      body: PreviewBody,
      answer: PreviewAnswer,
    },
    async ({ c, body }) => {
      recordRead(deps, c, "destination.previewed", body.destinationId, { format: body.format });
      const sources = (await deps.reader.dataSources())
        .map(({ key }) => key)
        .filter(({ collectorId }) => body.collectorIds?.includes(collectorId) ?? true);
      const sample = await deps.reader.readByTime({ sources, limit: SAMPLE });
      const shape = deps.shaperOf({
        format: body.format,
        filter: body.filter ?? undefined,
        masking: body.masking ?? undefined,
        destinationId: body.destinationId,
      });
      const shaped = sample.map((stored) => ({ stored, out: shape(stored) }));
      const now = deps.now().getTime();
      const volume = await deps.reader.volume({ sources, by: "ingest", from: now - DAY_MS, to: now, stepMs: DAY_MS });
      const perDay = volume.reduce((sum, { events }) => sum + events, 0);
      const sent = shaped.flatMap(({ out }) => (typeof out === "string" ? [] : [out]));
      const share = sample.length === 0 ? 0 : sent.length / sample.length;
      const meanBytes = sent.length === 0 ? 0 : sent.reduce((sum, { bytes }) => sum + bytes, 0) / sent.length;
      return {
        events: shaped.slice(0, body.show).map(({ stored, out }) => row(deps, stored, out)),
        sampled: sample.length,
        keptBack: shaped.filter(({ out }) => out === "kept_back").length,
        eventsPerDay: Math.round(perDay * share),
        bytesPerDay: Math.round(perDay * share * meanBytes),
      };
    },
  ),
];

function row({ control }: ApiDeps, stored: StoredEvent, out: ReturnType<ReturnType<ApiDeps["shaperOf"]>>) {
  const { seq, collectorId, dataSource, type, time, raw } = stored;
  const about = { seq, collector: control.collector(collectorId)?.name ?? collectorId, dataSource, type, time };
  const before = Buffer.from(raw).toString("utf8").slice(0, SHOWN);
  if (typeof out === "string") return { ...about, before, outcome: out };
  return { ...about, before, outcome: "sent" as const, after: out.body.slice(0, SHOWN), bytes: out.bytes };
}
