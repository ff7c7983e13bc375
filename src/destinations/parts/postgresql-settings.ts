import { z } from "zod";
import { networkShape } from "../../http/network-fields.ts";
import { tableName } from "./postgresql-table.ts";

const A_HOST = "expected a host name or an address, without a port";
const A_PORT = "expected a port, 1 to 65535";
const A_NAME = "expected a name of 1 to 63 characters";
const A_PASSWORD = "expected a password";
const A_TABLE =
  "expected a table, or a schema and a table such as audit.cistern_events: letters, digits, _, $ and -, at most 63 bytes each";
const A_TYPE = "expected text or jsonb";
const A_TIMEOUT = "expected a number of seconds, 1 to 3600";
const YES_OR_NO = "expected true or false";

export const PostgresqlSettings = z.strictObject({
  host: z
    .string({ error: A_HOST })
    .regex(/^[\p{L}\p{N}_.:-]{1,253}$/u, { error: A_HOST })
    .refine((text) => !text.includes(":") || text.split(":").length > 2, { error: A_HOST })
    .meta({ title: "Host", description: "Where the server is.", placeholder: "db.example.com" }),
  port: z
    .int({ error: A_PORT })
    .min(1, { error: A_PORT })
    .max(65_535, { error: A_PORT })
    .default(5432)
    .meta({ title: "Port", description: "The port of the server, or of the pooler in front of it." }),
  database: z
    .string({ error: A_NAME })
    .min(1, { error: A_NAME })
    .max(63, { error: A_NAME })
    .meta({ title: "Database", description: "The database that holds the table.", placeholder: "security" }),
  user: z
    .string({ error: A_NAME })
    .min(1, { error: A_NAME })
    .max(63, { error: A_NAME })
    .meta({ title: "User", description: "A role that may insert into the table and read its key." }),
  password: z.string({ error: A_PASSWORD }).min(1, { error: A_PASSWORD }).optional().meta({
    title: "Password",
    description: "Of the user; not needed where the server knows it by a client certificate.",
    secret: true,
  }),
  table: z
    .string({ error: A_TABLE })
    .refine((text) => tableName(text) !== undefined, { error: A_TABLE })
    .default("public.cistern_events")
    .meta({
      title: "Table",
      description: "Schema and table, in upper and lower case as they are; without a schema, in public.",
    }),
  create_table: z.boolean({ error: YES_OR_NO }).default(true).meta({
    title: "Create the table",
    description: "Lets the connection test create the table where it is missing.",
  }),
  body_type: z.enum(["text", "jsonb"], { error: A_TYPE }).default("text").meta({
    title: "Type of the body",
    description: "Of the column body in a table that is created: text keeps every byte, jsonb can be asked about.",
    advanced: true,
  }),
  tls: z.boolean({ error: YES_OR_NO }).default(true).meta({
    title: "TLS",
    description:
      "Encrypts the connection and checks the server's certificate; off only for private networks named below.",
    advanced: true,
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

export type PostgresqlSettings = z.infer<typeof PostgresqlSettings>;
