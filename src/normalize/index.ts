import type { Format, FormatName } from "../model/outgoing.ts";
import { cef } from "./cef.ts";
import { ecs } from "./ecs/ecs.ts";
import { exabeamRaw } from "./exabeam-raw.ts";
import { leef } from "./leef.ts";
import { ocsf, ocsf19 } from "./ocsf/ocsf.ts";
import { raw } from "./raw.ts";

/** Every format, in the order in which they are offered. */
export const formats: readonly Format[] = [raw, ecs, ocsf, ocsf19, exabeamRaw, cef, leef];

const byName = new Map(formats.map((format) => [format.name, format]));

/** The format of that name. */
export function formatOf(name: FormatName): Format {
  const format = byName.get(name);
  if (!format) throw new Error(`There is no format ${name}`);
  return format;
}
