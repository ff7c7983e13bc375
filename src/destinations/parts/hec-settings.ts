import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";

const A_TOKEN = "expected the token of an HTTP Event Collector, such as 11111111-2222-3333-4444-555555555555";
const A_NAME = "expected a name of at most 200 characters";
const A_SIZE = "expected a number of bytes from 10,000 to 800,000,000";

const name = z.string({ error: A_NAME }).min(1, { error: A_NAME }).max(200, { error: A_NAME });

export const HecSettings = z.strictObject({
  url: address.meta({
    title: "Address",
    description: "Where the HTTP Event Collector answers; /services/collector is added.",
    placeholder: "https://splunk.example.com:8088",
  }),
  token: z
    .string({ error: A_TOKEN })
    .regex(/^[\x21-\x7e]{1,200}$/, { error: A_TOKEN })
    .meta({ title: "Token", description: "The token of the HTTP Event Collector.", secret: true }),
  index: name.optional().meta({
    title: "Index",
    description: "The index to write to. Default: the one that the token names.",
    placeholder: "openai",
  }),
  acknowledgement: z.boolean().default(false).meta({
    title: "Indexer acknowledgement",
    description:
      "Waits until the indexers have written the events. Needs a token with indexer acknowledgement, which Splunk Cloud does not offer.",
  }),
  sourcetypes: z.enum(["data_source", "event_type"]).default("data_source").meta({
    title: "Sourcetypes",
    description:
      "What sourcetypes are made of: openai:compliance:conversations by data source, openai:compliance:conversation_message by event type.",
  }),
  sourcetype: name.optional().meta({
    title: "Fixed sourcetype",
    description: "One sourcetype for all events, in place of those of the OpenAI compliance add-on.",
    advanced: true,
  }),
  source: name.optional().meta({
    title: "Source",
    description: "The source of all events. Default: the name of the collector.",
    advanced: true,
  }),
  host: name.optional().meta({
    title: "Host",
    description: "The host of all events. Default: what Splunk puts there, its own address.",
    advanced: true,
  }),
  max_bytes: z
    .number({ error: A_SIZE })
    .int({ error: A_SIZE })
    .min(10_000, { error: A_SIZE })
    .max(800_000_000, { error: A_SIZE })
    .default(1_000_000)
    .meta({
      title: "Largest request",
      description: "Bytes of one request before compression. Splunk Cloud takes 1 MB; a larger event is a dead letter.",
      advanced: true,
    }),
  ...networkShape,
});

export type HecSettings = z.infer<typeof HecSettings>;
