import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";

const A_KEY = "expected an API key, either encoded or as id:key";
const A_STREAM =
  "expected the name of a data stream: lower case, without spaces, such as logs-openai.compliance-default";
const A_NAME = "expected a user name without a colon";
const A_PASSWORD = "expected a password of 1 to 1,000 characters";

export const ElasticSettings = z
  .strictObject({
    url: address.meta({
      title: "Address",
      description: "Where Elasticsearch or OpenSearch answers.",
      placeholder: "https://elastic.example.com:9200",
    }),
    api_key: z
      .string({ error: A_KEY })
      .regex(/^[\x21-\x7e]{8,2000}$/, { error: A_KEY })
      .optional()
      .meta({ title: "API key", description: "Of Elasticsearch: encoded, or as id:key.", secret: true }),
    username: z
      .string({ error: A_NAME })
      .regex(/^[^:\p{Cc}]{1,500}$/u, { error: A_NAME })
      .optional()
      .meta({ title: "User name", description: "In place of an API key." }),
    password: z
      .string({ error: A_PASSWORD })
      .min(1, { error: A_PASSWORD })
      .max(1_000, { error: A_PASSWORD })
      .optional()
      .meta({ title: "Password", description: "Of that user.", secret: true }),
    data_stream: z
      .string({ error: A_STREAM })
      .max(255, { error: A_STREAM })
      .regex(/^(?![-_+.])[^A-Z\s\p{Cc}\\/*?"<>|,#:]+$/u, { error: A_STREAM })
      .default("logs-openai.compliance-default")
      .meta({ title: "Data stream", description: "The data stream, or the index, that events are written to." }),
    install_template: z.boolean().default(false).meta({
      title: "Install an index template",
      description:
        "The connection test installs a template with the types of our fields, for this data stream only. It counts for indices made afterwards.",
    }),
    ...networkShape,
  })
  .refine((settings) => settings.api_key === undefined || settings.username === undefined, {
    error: "expected an API key or a user name, not both",
    path: ["username"],
  })
  .refine((settings) => (settings.username === undefined) === (settings.password === undefined), {
    error: "expected a user name and a password, or neither",
    path: ["password"],
  });

export type ElasticSettings = z.infer<typeof ElasticSettings>;
