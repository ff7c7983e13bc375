import { z } from "@hono/zod-openapi";
import type { Connector } from "../model/connector.ts";
import { settingFields } from "../model/settings-fields.ts";
import type { ApiDeps } from "./deps.ts";
import { type ApiRoute, route } from "./route.ts";

export const SettingFieldSchema = z
  .object({
    name: z.string(),
    label: z.string(),
    help: z.string().optional(),
    placeholder: z.string().optional(),
    kind: z.enum(["text", "secret", "url", "number", "boolean", "choice"]),
    choices: z.array(z.string()).readonly().optional(),
    required: z.boolean(),
    advanced: z.boolean(),
    fixed: z.boolean(),
    /** A text of several lines. */
    lines: z.boolean(),
    default: z.unknown().optional(),
  })
  .openapi("SettingField");

const DataSourceSchema = z
  .object({ name: z.string(), title: z.string(), description: z.string(), upstreamType: z.string() })
  .openapi("DataSource");

const GuideFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(["text", "secret", "choice"]),
  help: z.string().optional(),
  placeholder: z.string().optional(),
  choices: z
    .array(z.object({ value: z.string(), label: z.string(), help: z.string().optional() }))
    .readonly()
    .optional(),
  fills: z.string().optional(),
});

const GuideStepSchema = z.object({
  id: z.string(),
  title: z.string(),
  instructions: z.array(z.string()).readonly(),
  fields: z.array(GuideFieldSchema).readonly(),
  notes: z.array(z.object({ tone: z.enum(["info", "warn"]), title: z.string(), text: z.string() })).readonly(),
  kind: z.enum(["form", "mail", "wait"]),
  onlyIf: z.object({ field: z.string(), value: z.string() }).optional(),
});

const GuideSchema = z
  .object({ title: z.string(), audience: z.string(), steps: z.array(GuideStepSchema).readonly() })
  .openapi("Guide");

const ConnectorSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    vendor: z.string(),
    description: z.string(),
    fields: z.array(SettingFieldSchema).readonly(),
    dataSources: z.array(DataSourceSchema).readonly(),
    hasGuide: z.boolean(),
    guide: GuideSchema.optional(),
  })
  .openapi("Connector");

/** The catalogue, and the time zones that a collector may have. */
export function connectorRoutes({ connectors }: ApiDeps): readonly ApiRoute[] {
  const shown = connectors.map(show);
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
  return [
    route(
      {
        method: "get",
        path: "/connectors",
        tag: "connectors",
        summary: "The catalogue of connectors, with the fields of their forms",
        permission: "collectors.read",
        answer: z.array(ConnectorSchema).readonly(),
      },
      () => shown,
    ),
    route(
      {
        method: "get",
        path: "/timezones",
        tag: "connectors",
        summary: "Names of the IANA time zones, UTC first",
        permission: "collectors.read",
        answer: z.array(z.string()).readonly(),
      },
      () => zones,
    ),
  ];
}

function show({ name, title, vendor, description, settings, dataSources, guide }: Connector) {
  return {
    name,
    title,
    vendor,
    description,
    fields: settingFields(settings),
    dataSources: dataSources.map((source) => ({
      name: source.name,
      title: source.title,
      description: source.description,
      upstreamType: source.upstreamType,
    })),
    hasGuide: guide !== undefined,
    guide: guide && { title: guide.title, audience: guide.audience, steps: guide.steps },
  };
}
