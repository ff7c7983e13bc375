// From a stored event to what one destination gets of it: filter, masks, format.

import type { DestinationPlan } from "../model/delivery-plan.ts";
import { eventKey, type StoredEvent } from "../model/event.ts";
import type { EventNames } from "../model/event-json.ts";
import type { EventView, Format, Shape } from "../model/outgoing.ts";
import type { EventFilter, Masking } from "../model/shaping.ts";
import { filterOf } from "./event-filter.ts";
import { formatOf } from "./index.ts";
import { maskOf } from "./masking.ts";
import { viewOf } from "./view.ts";

export interface Shaping {
  readonly format: Format;
  readonly filter: EventFilter | undefined;
  readonly masking: Masking | undefined;
  /** Makes the destination's pseudonyms. */
  readonly pseudonymKey: Uint8Array;
  /** Names of a collector, by its id. */
  readonly namesOf: (collectorId: string) => EventNames;
}

/** As a destination has it. */
export function shaperOf(
  plan: Pick<DestinationPlan, "format" | "filter" | "masking" | "pseudonymKey" | "collectors">,
): Shape {
  const names = new Map(plan.collectors.map(({ id, name, connector }) => [id, { collector: name, connector }]));
  return createShaper({
    format: formatOf(plan.format),
    filter: plan.filter,
    masking: plan.masking,
    pseudonymKey: Buffer.from(plan.pseudonymKey, "hex"),
    namesOf: (collectorId) => names.get(collectorId) ?? { collector: collectorId, connector: "" },
  });
}

/** Pure: the same event always becomes the same bytes. */
export function createShaper({ format, filter, masking, pseudonymKey, namesOf }: Shaping): Shape {
  const keeps = filterOf(filter);
  const mask = maskOf(masking, pseudonymKey);
  return (stored) => {
    const names = namesOf(stored.collectorId);
    const whole = viewOf(stored, names, undefined)!;
    if (!keeps(whole)) return "kept_back";
    const view = mask === undefined ? whole : viewOf(stored, names, mask);
    if (view === undefined) return "unmaskable";
    const body = format.render(view);
    return { key: eventKey(stored), view, body, bytes: Buffer.byteLength(body), group: groupOf(stored, whole) };
  };
}

function groupOf({ dataSource }: StoredEvent, { data }: EventView): string {
  const conversation = data?.conversation;
  const id =
    typeof conversation === "object" && conversation !== null ? Reflect.get(conversation, "id") : data?.conversation_id;
  return typeof id === "string" && id !== "" ? id : dataSource;
}
