import { z } from "zod";
import { networkShape } from "../../http/network-fields.ts";
import { hostList } from "./hosts.ts";
import { pattern } from "./routing.ts";

const A_NAME = "expected a name of at most 127 letters, digits and -_.:";
const A_VHOST = "expected the name of a virtual host";
const TEXT = "expected a text";
const NAME = /^[A-Za-z0-9_.:-]{1,127}$/;

export const TLS_PORT = 5671;
export const CLEAR_PORT = 5672;
/** The exchange that every queue is bound to by its own name has no name; this is how RabbitMQ's own interfaces write it. */
export const DEFAULT_EXCHANGE = "amq.default";

export const RabbitmqSettings = z
  .strictObject({
    hosts: hostList("rabbit.example.com:5671", TLS_PORT).meta({
      title: "Hosts",
      description: "Nodes of one RabbitMQ cluster, separated by spaces; the first that answers is used.",
      placeholder: "rabbit.example.com:5671",
    }),
    virtual_host: z
      .string({ error: A_VHOST })
      .min(1, { error: A_VHOST })
      .max(255, { error: A_VHOST })
      .default("/")
      .meta({
        title: "Virtual host",
        description: "Where the exchange is.",
      }),
    username: z.string({ error: TEXT }).min(1, { error: TEXT }).meta({
      title: "User",
      description: "A user who may write to the exchange.",
      placeholder: "cistern",
    }),
    password: z.string({ error: TEXT }).min(1, { error: TEXT }).meta({
      title: "Password",
      description: "The user's password.",
      secret: true,
    }),
    exchange: z.string({ error: A_NAME }).regex(NAME, { error: A_NAME }).default("cistern").meta({
      title: "Exchange",
      description: "Where events are published; amq.default delivers to the queue that the routing key names.",
    }),
    routing_key: pattern.default("cistern.{collector}.{data_source}").meta({
      title: "Routing key",
      description: "Of each message; {collector}, {data_source} and {type} stand for those of the event.",
    }),
    declare: z.boolean({ error: "expected true or false" }).default(false).meta({
      title: "Create what is missing",
      description: "Whether the exchange (topic, durable), and the queue that is named, are created when connecting.",
      advanced: true,
    }),
    queue: z.string({ error: A_NAME }).regex(NAME, { error: A_NAME }).optional().meta({
      title: "Queue to create",
      description: "A durable quorum queue that gets everything of the exchange.",
      placeholder: "cistern",
      advanced: true,
    }),
    tls: z.boolean({ error: "expected true or false" }).default(true).meta({
      title: "TLS",
      description: "Whether the connection is encrypted. Off only within private networks that are named.",
    }),
    ...networkShape,
  })
  .refine(({ declare, queue }) => declare || queue === undefined, {
    path: ["queue"],
    error: "expected only where what is missing is created",
  });

export type RabbitmqSettings = z.output<typeof RabbitmqSettings>;
