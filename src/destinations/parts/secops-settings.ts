import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";
import { serviceAccountIn } from "./service-account.ts";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const A_PROJECT = "expected the ID or the number of a Google Cloud project";
const A_LOCATION = "expected a location of Google SecOps, such as us, eu or europe-west3";
const AN_INSTANCE = "expected the customer ID of the instance, a UUID";
const A_FORWARDER = "expected the ID of a forwarder, a UUID, or its full name: projects/…/forwarders/…";
const A_LOG_TYPE = "expected a log type in capitals, such as CHATGPT_AUDIT_LOG";
const A_NAMESPACE = "expected a namespace of at most 100 letters, digits, dots, dashes and underscores";
const A_KEY = 'expected the whole JSON of a service account key, with "type": "service_account" and an RSA key';

export const SecopsSettings = z.strictObject({
  project: z
    .string({ error: A_PROJECT })
    .regex(/^(?:\d{1,20}|(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])$/, { error: A_PROJECT })
    .meta({
      title: "Project",
      description: "The Google Cloud project that is linked to the instance; its ID or number.",
      placeholder: "my-secops-project",
    }),
  location: z
    .string({ error: A_LOCATION })
    .regex(/^[a-z](?:[a-z0-9-]{0,40}[a-z0-9])?$/, { error: A_LOCATION })
    .meta({ title: "Location", description: "Where the instance is; the address follows from it.", placeholder: "eu" }),
  instance: z
    .string({ error: AN_INSTANCE })
    .regex(new RegExp(`^${UUID}$`, "i"), { error: AN_INSTANCE })
    .meta({
      title: "Instance",
      description: "The customer ID: in Google SecOps under Settings, SIEM Settings, Profile.",
      placeholder: "00000000-0000-0000-0000-000000000000",
    }),
  forwarder: z
    .string({ error: A_FORWARDER })
    .regex(new RegExp(`^(?:projects/[^/\\s]+/locations/[^/\\s]+/instances/[^/\\s]+/forwarders/)?${UUID}$`, "i"), {
      error: A_FORWARDER,
    })
    .optional()
    .meta({
      title: "Forwarder",
      description: "The forwarder that the logs are booked under; its ID or full name. Without one, Google decides.",
      placeholder: "00000000-0000-0000-0000-000000000000",
    }),
  log_type: z
    .string({ error: A_LOG_TYPE })
    .regex(/^[A-Z][A-Z0-9_]{1,99}$/, { error: A_LOG_TYPE })
    .default("CHATGPT_AUDIT_LOG")
    .meta({ title: "Log type", description: "Decides which parser of Google SecOps reads the logs." }),
  namespace: z
    .string({ error: A_NAMESPACE })
    .regex(/^[\w.-]{1,100}$/, { error: A_NAMESPACE })
    .optional()
    .meta({
      title: "Namespace",
      description: "The environment namespace of the logs, where the instance uses namespaces.",
      advanced: true,
    }),
  service_account_key: z
    .string({ error: A_KEY })
    .refine((text) => serviceAccountIn(text) !== undefined, { error: A_KEY })
    .meta({
      title: "Service account key",
      description: "The JSON file of the key, as text. The account needs the permission chronicle.logs.import.",
      placeholder: '{ "type": "service_account", … }',
      secret: true,
      lines: true,
    }),
  endpoint: address.optional().meta({
    title: "Endpoint",
    description: "Where the Chronicle API answers. Default: LOCATION-chronicle.googleapis.com.",
    placeholder: "https://eu-chronicle.googleapis.com",
    advanced: true,
  }),
  ...networkShape,
});

export type SecopsSettings = z.infer<typeof SecopsSettings>;
