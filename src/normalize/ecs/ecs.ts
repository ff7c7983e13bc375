// The Elastic Common Schema, version 9.4, with its fields for generative models. What it has no field for stands under
// `openai.compliance`, in a fixed set of fields: an index would otherwise grow a field for every word that upstream makes up.
import type { EventView, Format } from "../../model/outgoing.ts";
import { mapped } from "../mapped.ts";
import { canBeTakenApart, restOf } from "../rest.ts";
import { originalOf, type Told, toldBy } from "../told.ts";
import { classificationOf } from "./classification.ts";
import { complianceFields } from "./compliance-fields.ts";
import { contentFields } from "./content-fields.ts";
import { type Fields, nested } from "./fields.ts";
import { peopleFields } from "./people-fields.ts";
import { recordFields } from "./record-fields.ts";

export const ecs: Format = {
  name: "ecs",
  title: "ECS 9.4",
  description: "Elastic Common Schema 9.4, for Elasticsearch, OpenSearch and what reads them.",
  kind: "json",
  render(view) {
    const told = toldBy(view);
    const said = fieldsOf(told);
    const whole = { ...said, "event.original": originalOf(view), ...restFields(view, said) };
    return JSON.stringify(nested(whole));
  },
};

const fieldsOf = (told: Told): Fields => ({
  ...recordFields(told),
  ...classificationOf(told),
  ...peopleFields(told),
  ...contentFields(told),
  ...complianceFields(told),
});

// As one text, so that no member of it becomes a field of an index.
function restFields(view: EventView, said: Fields): Fields {
  const { text, data, stored } = view;
  if (text === undefined) return { "openai.compliance.raw_base64": Buffer.from(stored.raw).toString("base64") };
  return { "openai.compliance.rest": canBeTakenApart(text, data) ? restOf(view, mapped, said) : text };
}
