// What a destination gets to see: which events, and what of them.
import { z } from "zod";

const A_PATH = "expected the path of a field, such as message.author.type or actor.*";
const path = z.string({ error: A_PATH }).regex(/^[^.\s]{1,100}(\.[^.\s]{1,100}){0,15}$/, { error: A_PATH });
const words = (what: string) =>
  z
    .array(
      z
        .string({ error: `expected ${what}` })
        .min(1, { error: `expected ${what}` })
        .max(300),
      { error: `expected a list of ${what}` },
    )
    .max(1_000);

/** A condition on one field of the upstream object. Numbers and truth values are compared as they are written. */
export const FieldRule = z
  .strictObject({
    field: path.meta({ description: "Path within the upstream object; `*` stands for any name or place in a list." }),
    equals: words("texts").optional().meta({ description: "Any of these, whole." }),
    contains: z.string().min(1).max(1_000).optional().meta({ description: "Holds this text, in either case." }),
    exists: z.boolean().optional().meta({ description: "`true`: is there; `false`: is not." }),
  })
  .refine((rule) => [rule.equals, rule.contains, rule.exists].filter((one) => one !== undefined).length === 1, {
    error: "expected exactly one of equals, contains and exists",
  });
export type FieldRule = z.infer<typeof FieldRule>;

/** An event is delivered that meets every one of these. */
export const EventFilter = z.strictObject({
  data_sources: words("names of data sources").optional().meta({ description: "Only these data sources." }),
  types: words("event types").optional().meta({ description: "Only these event types, in upstream's words." }),
  users: words("mail addresses or user ids").optional().meta({ description: "Only what these people did." }),
  without_users: words("mail addresses or user ids").optional().meta({ description: "Nothing of these people." }),
  fields: z.array(FieldRule).max(50).optional().meta({ description: "Conditions on fields, all to be met." }),
});
export type EventFilter = z.infer<typeof EventFilter>;

export const Masking = z.strictObject({
  metadata_only: z.boolean({ error: "expected true or false" }).optional().meta({
    description: "`true`: no content, whatever field it stands in: messages, titles, file names, arguments, results.",
  }),
  drop: z.array(path).max(200).optional().meta({ description: "Fields that are left out." }),
  mask: z.array(path).max(200).optional().meta({ description: "Fields whose value becomes `***`." }),
  pseudonyms: z.boolean({ error: "expected true or false" }).optional().meta({
    description:
      "`true`: people's names, addresses and ids become keyed pseudonyms, the same for the same person at this destination.",
  }),
});
export type Masking = z.infer<typeof Masking>;
