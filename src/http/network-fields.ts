// The settings that every destination on a network has.
import { z } from "zod";
import { isOpenableRange } from "../model/private-networks.ts";

const A_RANGE = "expected private networks as CIDR, separated by spaces, such as 10.20.0.0/16";
const A_PEM = "expected a certificate in PEM, beginning with -----BEGIN";

const ranges = (text: string) => text.split(/[\s,]+/).filter((range) => range !== "");

/** Spread into the settings of a destination, at the end. */
export const networkShape = {
  allow_networks: z
    .string({ error: A_RANGE })
    .refine((text) => ranges(text).every(isOpenableRange), { error: A_RANGE })
    .optional()
    .meta({
      title: "Private networks",
      description:
        "Networks of yours that may be connected to, as CIDR, separated by spaces. Default: public addresses only.",
      placeholder: "10.20.0.0/16",
      advanced: true,
    }),
  ca: z.string({ error: A_PEM }).startsWith("-----BEGIN", { error: A_PEM }).optional().meta({
    title: "Certificate authority",
    description: "Trusted beside those of this machine, in PEM.",
    lines: true,
    advanced: true,
  }),
  client_certificate: z.string({ error: A_PEM }).startsWith("-----BEGIN", { error: A_PEM }).optional().meta({
    title: "Client certificate",
    description: "What we prove ourselves with, in PEM.",
    lines: true,
    advanced: true,
  }),
  client_key: z.string({ error: A_PEM }).startsWith("-----BEGIN", { error: A_PEM }).optional().meta({
    title: "Client key",
    description: "The key of the client certificate, in PEM.",
    secret: true,
    lines: true,
    advanced: true,
  }),
} as const;

export interface NetworkFields {
  readonly allow_networks?: string | undefined;
  readonly ca?: string | undefined;
  readonly client_certificate?: string | undefined;
  readonly client_key?: string | undefined;
}

/** The private networks that the settings name. */
export const allowedNetworks = ({ allow_networks: text = "" }: NetworkFields): readonly string[] => ranges(text);

const AN_ADDRESS = "expected an address that begins with https://; http is for private networks that are named";

/** An address to post to: http or https, no user name in it. */
export const address = z
  .string({ error: AN_ADDRESS })
  .max(2_000, { error: AN_ADDRESS })
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === "", {
    error: AN_ADDRESS,
  });
