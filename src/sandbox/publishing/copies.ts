import type { EventFamily, EventObject, PlannedEvent, World } from "../generator/family.ts";
import { MINUTE_MS } from "../instants.ts";
import type { Quirks } from "../quirks.ts";
import { type Random, randomOf } from "../random.ts";

/** One line on its way into a file. */
export interface Entry {
  readonly eventId: string;
  readonly atUs: number;
  /** The instant from which a file can hold it, µs. */
  readonly publishUs: number;
  /** The line without its newline. The same one each time. */
  readonly write: () => string;
}

/** Late events come at most this much later. */
const LATEST_DELAY_MS = 180 * MINUTE_MS;

/** No line is published later than this after what its family reaches. */
export function copiesReachMs(fileIntervalMs: number): number {
  return LATEST_DELAY_MS + 6 * repeatStepMs(fileIntervalMs) + MINUTE_MS;
}

// A repeat has to land in another file: at least one interval and its unevenness later.
function repeatStepMs(fileIntervalMs: number): number {
  return 1.3 * Math.max(10 * MINUTE_MS, fileIntervalMs);
}

/** The lines that an event becomes: itself, and whatever the quirks in force at its time repeat of it. */
export function entriesOf(world: World, family: EventFamily, event: PlannedEvent, fileIntervalMs: number): Entry[] {
  const quirks = world.quirksAt(event.atUs);
  const random = randomOf(world.seed, "publish", event.id);
  const isLate = random.chance(quirks.lateEvents);
  const lateMinutes = random.between(20, LATEST_DELAY_MS / MINUTE_MS);
  const publishUs = event.atUs + ((event.delayMs ?? 0) + (isLate ? lateMinutes * MINUTE_MS : 0)) * 1000;
  const stripped = random.chance(quirks.repeatedWithoutTimestamp);
  const missing = random.chance(quirks.missingTimestamp);
  const object = objectOf(world, family, event, quirks, random, stripped || missing);
  const entry = (write: () => string, steps: number): Entry => ({
    eventId: event.id,
    atUs: event.atUs,
    publishUs: publishUs + Math.round(steps * repeatStepMs(fileIntervalMs) * 1000),
    write,
  });
  const plain = () => JSON.stringify(object());
  const entries = [entry(plain, 0)];
  if (random.chance(quirks.surplusDuplicates) || stripped) entries.push(entry(plain, random.between(1, 4)));
  if (random.chance(quirks.reorderedKeys)) entries.push(entry(() => JSON.stringify(reordered(object())), 1));
  if (random.chance(quirks.conflictingContent)) entries.push(entry(() => JSON.stringify(altered(object())), 2));
  return entries;
}

function objectOf(
  world: World,
  family: EventFamily,
  event: PlannedEvent,
  quirks: Quirks,
  random: Random,
  untimed: boolean,
) {
  const unknownFields = random.chance(quirks.unknownFields);
  const unknownActor = random.chance(quirks.unknownActorType);
  const foreign = random.chance(quirks.foreignPrincipal);
  return (): EventObject => {
    let object = event.write();
    if (untimed) object = without(object, "timestamp");
    if (foreign && family.scope === "workspace")
      object = { ...object, principal: { id: world.ids.otherWorkspaceId, type: "CHATGPT_WORKSPACE" } };
    if (unknownActor)
      object = { ...object, actor: { type: "AMBIENT_PROCESS", process_id: `proc_${event.id.slice(0, 8)}` } };
    if (unknownFields) object = { ...object, trace: { region: "eu-1", hops: 3 }, sequence_hint: event.atUs };
    return object;
  };
}

function without(object: EventObject, name: string): EventObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

function reordered(object: EventObject): EventObject {
  return Object.fromEntries(Object.entries(object).reverse());
}

function altered(object: EventObject): EventObject {
  return { ...object, correction: { reason: "re-issued", revision: 2 } };
}
