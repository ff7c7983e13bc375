import { z } from "zod";
import { networkShape } from "../../http/network-fields.ts";
import { hostList } from "./hosts.ts";
import { pattern } from "./routing.ts";

const A_STREAM = "expected the name of a stream: letters, digits, - and _";
const A_CREDENTIAL = "expected an nkey seed that begins with SU, or the whole text of a .creds file";
const TEXT = "expected a text";
const SEED = /^\s*(SU[A-Z2-7]{56})\s*$/;
const CREDS =
  /-----BEGIN NATS USER JWT-----\s+(\S+)\s+-+END NATS USER JWT-+[\s\S]*-----BEGIN USER NKEY SEED-----\s+(SU[A-Z2-7]{56})\s+-+END/;

/** The seed of a user's key, and the token that came with it in a .creds file. */
export function credentialsOf(text: string): { readonly seed: string; readonly jwt: string | undefined } | undefined {
  const [, lone] = SEED.exec(text) ?? [];
  const [, jwt, paired] = CREDS.exec(text) ?? [];
  const seed = lone ?? paired;
  return seed === undefined ? undefined : { seed, jwt };
}

const shape = {
  servers: hostList("nats.example.com:4222", 4222).meta({
    title: "Servers",
    description: "Hosts of one NATS server or cluster, separated by spaces; the first that answers is used.",
    placeholder: "nats.example.com:4222",
  }),
  subject: pattern.default("cistern.{collector}.{data_source}").meta({
    title: "Subject",
    description: "Where events are published; {collector}, {data_source} and {type} stand for those of the event.",
  }),
  stream: z
    .string({ error: A_STREAM })
    .regex(/^[A-Za-z0-9_-]{1,200}$/, { error: A_STREAM })
    .optional()
    .meta({
      title: "Stream",
      description: "The stream that has to take the events. Default: whichever takes the subject.",
      placeholder: "CISTERN",
    }),
  create_stream: z.boolean({ error: "expected true or false" }).default(false).meta({
    title: "Create the stream",
    description: "Whether the connection test creates the stream where it is missing.",
    advanced: true,
  }),
  stream_replicas: z
    .number({ error: "expected 1, 3 or 5" })
    .refine((count) => [1, 3, 5].includes(count), { error: "expected 1, 3 or 5" })
    .default(1)
    .meta({ title: "Replicas", description: "Of a stream that is created: 3 in a cluster.", advanced: true }),
  username: z.string({ error: TEXT }).min(1, { error: TEXT }).optional().meta({
    title: "User",
    description: "For servers that sign in by user and password.",
  }),
  password: z.string({ error: TEXT }).optional().meta({
    title: "Password",
    description: "The user's password.",
    secret: true,
  }),
  token: z.string({ error: TEXT }).min(1, { error: TEXT }).optional().meta({
    title: "Token",
    description: "For servers that sign in by a token.",
    secret: true,
  }),
  credentials: z
    .string({ error: A_CREDENTIAL })
    .refine((text) => credentialsOf(text) !== undefined, { error: A_CREDENTIAL })
    .optional()
    .meta({
      title: "Credentials",
      description: "An nkey seed, or the text of a .creds file.",
      secret: true,
      lines: true,
    }),
  tls: z.boolean({ error: "expected true or false" }).default(true).meta({
    title: "TLS",
    description: "Whether the connection is encrypted. Off only within private networks that are named.",
  }),
  tls_first: z.boolean({ error: "expected true or false" }).default(false).meta({
    title: "TLS first",
    description: "For servers with handshake_first: TLS begins before the server's first word.",
    advanced: true,
  }),
  ...networkShape,
};

export const NatsSettings = z
  .strictObject(shape)
  .refine(({ username, token, credentials }) => [username, token, credentials].filter(Boolean).length <= 1, {
    path: ["username"],
    error: "expected one way to sign in: user and password, a token, or credentials",
  })
  .refine(({ stream, create_stream: create }) => stream !== undefined || !create, {
    path: ["stream"],
    error: "expected the name of the stream that is to be created",
  });

export type NatsSettings = z.output<typeof NatsSettings>;
