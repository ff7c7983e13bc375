// What a channel of each kind is made of; the API and the configuration file check by the same words.
import { z } from "zod";
import type { ChannelKind } from "./alerts.ts";
import { signingSecret } from "./signing-secret.ts";

const A_URL = "expected an address that begins with https://; http is for private networks that are named";
const A_MAIL = "expected a mail address, such as soc@example.org";
const A_HOST = "expected the name or address of a mail server";
const A_PORT = "expected a port, such as 465 or 587";

const mailAddress = z
  .string({ error: A_MAIL })
  .regex(/^[^\s<>@,;:"()[\]\\]{1,64}@[^\s<>@,;:"()[\]\\]{1,255}$/, { error: A_MAIL });
export const alertUrl = z
  .string({ error: A_URL })
  .max(2_000, { error: A_URL })
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === "", {
    error: A_URL,
  });

/** Settings and secrets of each kind, all in one object as a person writes them. */
export const channelSettings = {
  webhook: z.strictObject({
    url: alertUrl.meta({ description: "Where the JSON is posted to." }),
    secret: signingSecret
      .optional()
      .meta({ description: "Signs every message; Standard Webhooks form, `whsec_…`.", secret: true }),
  }),
  slack: z.strictObject({
    url: alertUrl.optional().meta({ description: "The hook's address; secret as a whole.", secret: true }),
  }),
  email: z.strictObject({
    host: z
      .string({ error: A_HOST })
      .regex(/^[\w.:-]{1,255}$/, { error: A_HOST })
      .meta({ description: "The mail server." }),
    port: z
      .int({ error: A_PORT })
      .min(1, { error: A_PORT })
      .max(65_535, { error: A_PORT })
      .meta({ description: "Its port." }),
    security: z
      .enum(["tls", "starttls", "none"], { error: "expected tls, starttls or none" })
      .meta({ description: "`tls`, `starttls`, or `none` for a server in a named private network." }),
    from: mailAddress.meta({ description: "Who the mail is from." }),
    to: z
      .array(mailAddress, { error: "expected a list of mail addresses" })
      .min(1, { error: "expected at least one mail address" })
      .max(20, { error: "expected at most 20 mail addresses" })
      .meta({ description: "Who it goes to." }),
    username: z
      .string({ error: "expected a user name" })
      .min(1, { error: "expected a user name" })
      .max(200, { error: "expected a user name" })
      .optional()
      .meta({ description: "For signing in, where the server asks for it." }),
    password: z
      .string({ error: "expected a password" })
      .min(1, { error: "expected a password" })
      .max(1_000, { error: "expected a password" })
      .optional()
      .meta({ description: "For signing in.", secret: true }),
  }),
} as const satisfies Record<ChannelKind, z.ZodObject>;

/** The settings with the secret ones apart. */
export function splitChannel(kind: ChannelKind, given: Readonly<Record<string, unknown>>) {
  const secretNames = secretsOfKind(kind);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !secretNames.includes(name))),
    secrets: Object.fromEntries(
      entries.filter(([name]) => secretNames.includes(name)).map(([name, value]) => [name, String(value)]),
    ),
  };
}

const secretsOfKind = (kind: ChannelKind): readonly string[] =>
  Object.entries(channelSettings[kind].shape)
    .filter(([, field]) => (field as z.ZodType).meta()?.secret === true)
    .map(([name]) => name);
