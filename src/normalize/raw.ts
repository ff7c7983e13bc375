import type { Format } from "../model/outgoing.ts";
import { envelopeOf } from "./envelope.ts";

export const raw: Format = {
  name: "raw",
  title: "Cistern",
  description:
    "Cistern's own envelope with the upstream object in it byte for byte; for whoever keeps events or reads them with programs.",
  kind: "json",
  render: envelopeOf,
};
