import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";

const A_RULE = "expected the immutable ID of a data collection rule: dcr- and 32 hexadecimal digits";
const A_STREAM = "expected the name of a stream that the rule declares, beginning with Custom-";
const A_TENANT = "expected a tenant ID (a UUID) or a domain of the tenant";
const A_CLIENT = "expected the application (client) ID, a UUID";
const A_SECRET = "expected the value of a client secret; a UUID is the secret's ID, not its value";
const A_SCOPE = "expected a scope that ends with /.default";
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const SentinelSettings = z.strictObject({
  endpoint: address.meta({
    title: "Ingestion endpoint",
    description: "The logs ingestion URL of the data collection rule, or of its data collection endpoint.",
    placeholder: "https://cistern-x1y2-westeurope.logs.z1.ingest.monitor.azure.com",
  }),
  dcr_id: z
    .string({ error: A_RULE })
    .regex(/^dcr-[0-9a-f]{32}$/i, { error: A_RULE })
    .meta({
      title: "Rule's immutable ID",
      description: "Of the data collection rule; it stands in the rule's JSON view as immutableId.",
      placeholder: "dcr-00000000000000000000000000000000",
    }),
  stream: z
    .string({ error: A_STREAM })
    .regex(/^Custom-[A-Za-z][\w-]{0,90}$/, { error: A_STREAM })
    .default("Custom-Cistern_CL")
    .meta({ title: "Stream", description: "The stream of the rule that takes the rows." }),
  tenant_id: z
    .string({ error: A_TENANT })
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/, { error: A_TENANT })
    .meta({
      title: "Tenant ID",
      description: "The directory in which the application is registered.",
      placeholder: "00000000-0000-0000-0000-000000000000",
    }),
  client_id: z.string({ error: A_CLIENT }).regex(UUID, { error: A_CLIENT }).meta({
    title: "Client ID",
    description: "The application (client) ID of the registered application.",
    placeholder: "00000000-0000-0000-0000-000000000000",
  }),
  client_secret: z
    .string({ error: A_SECRET })
    .min(1, { error: A_SECRET })
    .refine((text) => !UUID.test(text), { error: A_SECRET })
    .meta({
      title: "Client secret",
      description: "The value of a client secret of the application; Azure shows it once, when it is made.",
      secret: true,
    }),
  authority_host: address.default("https://login.microsoftonline.com").meta({
    title: "Authority",
    description: "Where tokens are issued. Another one in a sovereign cloud, such as https://login.microsoftonline.us.",
    advanced: true,
  }),
  scope: z
    .string({ error: A_SCOPE })
    .regex(/^https:\/\/[^\s]+\/\.default$/, { error: A_SCOPE })
    .default("https://monitor.azure.com/.default")
    .meta({
      title: "Scope",
      description:
        "What the token is for. Another one in a sovereign cloud, such as https://monitor.azure.us/.default.",
      advanced: true,
    }),
  ...networkShape,
});

export type SentinelSettings = z.infer<typeof SentinelSettings>;
