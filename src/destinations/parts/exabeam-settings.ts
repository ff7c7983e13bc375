import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";

const REGIONS = ["us-west", "us-east", "eu", "au", "sg", "jp", "ca", "ch", "sa"] as const;
const A_REGION = `expected one of ${REGIONS.join(", ")}`;
const ONE_OF_THEM = "expected either a region or an address";
const A_TOKEN = "expected the webhook collector's token, without spaces and without Bearer";
const A_BODY = "expected json or raw";
const THE_SAME = "expected the form that the address ends with";
const A_SWITCH = "expected true or false";
const PATH = "/cloud-collectors/v1/logs";

export const ExabeamSettings = z
  .strictObject({
    region: z
      .enum(REGIONS, { error: A_REGION })
      .optional()
      .meta({ title: "Region", description: "Where your tenant is: the word in its address, such as us-west." }),
    url: address.optional().meta({
      title: "Own address",
      description: "In place of a region: the address that Exabeam shows for the webhook collector.",
      placeholder: `https://api2.us-west.exabeam.cloud${PATH}/json`,
      advanced: true,
    }),
    token: z
      .string({ error: A_TOKEN })
      .regex(/^[!-~]{1,8000}$/, { error: A_TOKEN })
      .meta({
        title: "Token",
        description: "The token that Exabeam shows when the webhook collector is made; no token of an API key.",
        secret: true,
      }),
    body: z.enum(["json", "raw"], { error: A_BODY }).default("json").meta({
      title: "Form",
      description: "What the webhook collector was made for: a JSON array, or raw lines.",
      advanced: true,
    }),
    gzip: z
      .boolean({ error: A_SWITCH })
      .default(true)
      .meta({ title: "Compress", description: "Sends gzip.", advanced: true }),
    ...networkShape,
  })
  .check(({ value, issues }) => {
    const { region, url, body } = value;
    if ((region === undefined) === (url === undefined))
      issues.push({ code: "custom", message: ONE_OF_THEM, path: ["region"], input: value });
    if (url !== undefined && (formIn(url) ?? body) !== body)
      issues.push({ code: "custom", message: THE_SAME, path: ["body"], input: value });
  });

export type ExabeamSettings = z.infer<typeof ExabeamSettings>;

/** Where batches are posted to. */
export function endpointOf({ region, url, body }: ExabeamSettings): URL {
  if (url === undefined) return new URL(`https://api2.${region}.exabeam.cloud${PATH}/${body}`);
  const own = new URL(url);
  const path = own.pathname.replace(/\/(?:json|raw)?\/?$/, "");
  own.pathname = `${path === "" ? PATH : path}/${body}`;
  return own;
}

const formIn = (url: string) => /\/(json|raw)\/?$/.exec(new URL(url).pathname)?.[1];
