// What proves us to a receiver of somebody's own making: a bearer token, or a header that it asks for.
import { z } from "zod";

const A_TOKEN = 'expected a token without spaces; "Bearer" is put before it';
const A_NAME = "expected the name of a header, such as X-Api-Key, that no other setting writes";
const A_VALUE = "expected a header's value: letters, digits and signs of ASCII";
const TOGETHER = "expected together with the header's other half";
const ONE_OF_THEM = "expected no Authorization header beside a token";

/** What HTTP itself and we write; a second one would contradict it. */
const WRITTEN_BY_US =
  /^(?:host|connection|keep-alive|upgrade|te|trailer|expect|user-agent|accept-encoding|transfer-encoding|content-.*|proxy-.*|webhook-.*)$/i;

export const credentialShape = {
  token: z
    .string({ error: A_TOKEN })
    .regex(/^[!-~]{1,8000}$/, { error: A_TOKEN })
    .optional()
    .meta({ title: "Bearer token", description: "Sent as Authorization: Bearer, if there is one.", secret: true }),
  header_name: z
    .string({ error: A_NAME })
    .regex(/^[\w!#$%&'*+.^`|~-]{1,200}$/, { error: A_NAME })
    .refine((name) => !WRITTEN_BY_US.test(name), { error: A_NAME })
    .optional()
    .meta({
      title: "Header's name",
      description: "A header of your choice that is sent with every request.",
      placeholder: "X-Api-Key",
      advanced: true,
    }),
  header_value: z
    .string({ error: A_VALUE })
    .regex(/^[!-~](?:[ -~]{0,7998}[!-~])?$/, { error: A_VALUE })
    .optional()
    .meta({ title: "Header's value", description: "What that header holds.", secret: true, advanced: true }),
} as const;

export interface Credentials {
  readonly token?: string | undefined;
  readonly header_name?: string | undefined;
  readonly header_value?: string | undefined;
}

/** For `.check` of the whole schema: what the fields can only say together. */
export function checkCredentials({ value, issues }: z.core.ParsePayload<Credentials>): void {
  const { token, header_name: name, header_value: text } = value;
  const missing = name === undefined ? "header_name" : "header_value";
  if ((name === undefined) !== (text === undefined))
    issues.push({ code: "custom", message: TOGETHER, path: [missing], input: value });
  if (token !== undefined && name?.toLowerCase() === "authorization")
    issues.push({ code: "custom", message: ONE_OF_THEM, path: ["header_name"], input: value });
}

export function credentialHeaders({ token, header_name: name, header_value: text }: Credentials) {
  const headers: Record<string, string> = {};
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (name !== undefined && text !== undefined) headers[name.toLowerCase()] = text;
  return headers;
}

/** To be cut out of whatever is quoted. */
export const credentialSecrets = ({ token, header_value: text }: Credentials): readonly string[] =>
  [token, text].filter((secret) => secret !== undefined);

export const hasCredentials = (settings: Credentials): boolean => credentialSecrets(settings).length > 0;
