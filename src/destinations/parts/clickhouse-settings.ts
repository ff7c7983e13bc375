import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";
import { isIdentifier } from "./clickhouse-table.ts";

const A_NAME = "expected a name of letters, digits, _ and -, 1 to 100 characters";
const A_USER = "expected a user's name, without a colon";
const A_PASSWORD = "expected a password";
const A_TIMEOUT = "expected a number of seconds, 1 to 3600";

const name = z.string({ error: A_NAME }).refine(isIdentifier, { error: A_NAME });

export const ClickhouseSettings = z.strictObject({
  url: address.meta({
    title: "Address",
    description: "Of the HTTP interface, with its port: usually 8443 with TLS and 8123 without.",
    placeholder: "https://clickhouse.example.com:8443",
  }),
  database: name.default("default").meta({ title: "Database", description: "The database that holds the table." }),
  table: name.default("cistern_events").meta({ title: "Table", description: "The table that the events go into." }),
  user: z
    .string({ error: A_USER })
    .regex(/^[^:\p{Cc}]{1,200}$/u, { error: A_USER })
    .default("default")
    .meta({ title: "User", description: "A user that may insert into the table." }),
  password: z
    .string({ error: A_PASSWORD })
    .min(1, { error: A_PASSWORD })
    .optional()
    .meta({ title: "Password", description: "Of the user.", secret: true }),
  create_table: z.boolean({ error: "expected true or false" }).default(true).meta({
    title: "Create the table",
    description: "Lets the connection test create the table where it is missing.",
  }),
  timeout_seconds: z
    .int({ error: A_TIMEOUT })
    .min(1, { error: A_TIMEOUT })
    .max(3_600, { error: A_TIMEOUT })
    .default(60)
    .meta({
      title: "Timeout",
      description: "How long the server may take for one batch, in seconds.",
      advanced: true,
    }),
  ...networkShape,
});

export type ClickhouseSettings = z.infer<typeof ClickhouseSettings>;
