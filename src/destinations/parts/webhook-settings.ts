import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";
import { signingSecret } from "../../model/signing-secret.ts";
import { checkCredentials, credentialShape } from "./own-credentials.ts";

const A_NEWER = "expected together with the secret that follows it";

export const WebhookSettings = z
  .strictObject({
    url: address.meta({
      title: "Address",
      description: "Where events are posted to. It is not kept secret.",
      placeholder: "https://hooks.example.com/cistern",
    }),
    body: z.enum(["array", "ndjson", "event"], { error: "expected array, ndjson or event" }).default("array").meta({
      title: "Body",
      description: "Many events as a JSON array, many with one on each line, or a request for each event.",
    }),
    secret: signingSecret.optional().meta({
      title: "Signing secret",
      description: "Signs every request as Standard Webhooks describes it, so that the receiver can tell who sent it.",
      placeholder: "whsec_…",
      secret: true,
    }),
    previous_secret: signingSecret.optional().meta({
      title: "Former signing secret",
      description: "Signs as well while the receiver changes from this one to the new one.",
      placeholder: "whsec_…",
      secret: true,
      advanced: true,
    }),
    ...credentialShape,
    gzip: z
      .boolean({ error: "expected true or false" })
      .default(false)
      .meta({ title: "Compress", description: "Sends gzip. Many receivers of webhooks cannot read it." }),
    ...networkShape,
  })
  .check(checkCredentials, ({ value, issues }) => {
    if (value.previous_secret !== undefined && value.secret === undefined)
      issues.push({ code: "custom", message: A_NEWER, path: ["secret"], input: value });
  });

export type WebhookSettings = z.infer<typeof WebhookSettings>;

/** Those that sign, the newest first. */
export const signingSecrets = ({ secret, previous_secret: previous }: WebhookSettings): readonly string[] =>
  [secret, previous].filter((one) => one !== undefined);
