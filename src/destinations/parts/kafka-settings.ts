import { z } from "zod";
import { networkShape } from "../../http/network-fields.ts";
import { hostList } from "./hosts.ts";

const A_TOPIC = "expected the name of a topic: at most 249 letters, digits, dots, - and _";
const A_MECHANISM = "expected none, plain, scram-sha-256 or scram-sha-512";
const TEXT = "expected a text";

export const KafkaSettings = z
  .strictObject({
    brokers: hostList("kafka-1.example.com:9093", undefined, false).meta({
      title: "Brokers",
      description: "Brokers to begin with, each with its port, separated by spaces; the cluster tells of the others.",
      placeholder: "kafka-1.example.com:9093 kafka-2.example.com:9093",
    }),
    topic: z
      .string({ error: A_TOPIC })
      .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/, { error: A_TOPIC })
      .meta({
        title: "Topic",
        description: "Where events are written; it has to exist.",
        placeholder: "openai-compliance",
      }),
    sasl: z.enum(["none", "plain", "scram-sha-256", "scram-sha-512"], { error: A_MECHANISM }).default("none").meta({
      title: "Sign-in",
      description: "The SASL mechanism; none where brokers know us by a client certificate, or let everybody in.",
    }),
    username: z.string({ error: TEXT }).min(1, { error: TEXT }).optional().meta({
      title: "User",
      description: "Of the sign-in; for Azure Event Hubs it is $ConnectionString.",
    }),
    password: z.string({ error: TEXT }).min(1, { error: TEXT }).optional().meta({
      title: "Password",
      description: "Of the sign-in.",
      secret: true,
    }),
    tls: z.boolean({ error: "expected true or false" }).default(true).meta({
      title: "TLS",
      description: "Whether connections are encrypted. Off only within private networks that are named.",
    }),
    ...networkShape,
  })
  .refine(({ sasl, username, password }) => sasl === "none" || (username !== undefined && password !== undefined), {
    path: ["username"],
    error: "expected user and password for this sign-in",
  });

export type KafkaSettings = z.output<typeof KafkaSettings>;
