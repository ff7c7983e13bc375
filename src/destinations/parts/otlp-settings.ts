import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";
import { checkCredentials, credentialShape } from "./own-credentials.ts";

const A_NAME = "expected a name of at most 200 characters";
const PATH = "/v1/logs";

export const OtlpSettings = z
  .strictObject({
    url: address.meta({
      title: "Address",
      description: `Where OTLP over HTTP is taken; ${PATH} is added where the address does not end with it.`,
      placeholder: "https://otel.example.com:4318",
    }),
    ...credentialShape,
    service_name: z
      .string({ error: A_NAME })
      .regex(/^\P{Cc}{1,200}$/u, { error: A_NAME })
      .default("cistern")
      .meta({ title: "Service name", description: "The resource attribute service.name of every log record." }),
    gzip: z
      .boolean({ error: "expected true or false" })
      .default(true)
      .meta({ title: "Compress", description: "Sends gzip, which every receiver of OTLP reads.", advanced: true }),
    ...networkShape,
  })
  .check(checkCredentials);

export type OtlpSettings = z.infer<typeof OtlpSettings>;

/** Where requests are posted to. */
export function endpointOf({ url }: OtlpSettings): URL {
  const endpoint = new URL(url);
  const path = endpoint.pathname.replace(/\/+$/, "");
  endpoint.pathname = path.endsWith(PATH) ? path : `${path}${PATH}`;
  return endpoint;
}
