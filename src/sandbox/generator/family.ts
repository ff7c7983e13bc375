import type { LogScope } from "../event-types.ts";
import { type FractionDigits, isoTime } from "../instants.ts";
import type { Identities } from "../keys.ts";
import type { Quirks } from "../quirks.ts";
import { type Random, randomOf, shareOf } from "../random.ts";
import type { Company, Person } from "./company.ts";
import { someoneAtWork } from "./rhythm.ts";

/** A JSON object on its way to a line. */
export type EventObject = Record<string, unknown>;

/** One event that happens: when, and what it says. */
export interface PlannedEvent {
  readonly id: string;
  /** When it happens, µs since 1970. */
  readonly atUs: number;
  /** How much later than that it is published at the earliest; default 0. */
  readonly delayMs?: number;
  /** Makes the object. The same one each time. */
  readonly write: () => EventObject;
}

/** Ten minutes of the company's life. */
export interface Cell {
  readonly startMs: number;
  /** Part of an average weekday's traffic, raised by the live factor. */
  readonly share: number;
}

/** What every family draws on. */
export interface World {
  readonly seed: number;
  readonly company: Company;
  readonly ids: Identities;
  readonly eventsPerDay: number;
  /** The switches in force at an instant (µs). */
  readonly quirksAt: (us: number) => Quirks;
}

/** The events of one type: pure in the world and the cell. */
export interface EventFamily {
  readonly scope: LogScope;
  readonly type: string;
  /** No event planned in a cell is later than its start plus this many ms, its own delay included. */
  readonly reachMs: number;
  /** Everything that begins in this cell, in no order. */
  plan(cell: Cell): PlannedEvent[];
}

/** Who did it, as events say it. */
export function actorOf(person: Person): EventObject {
  return { type: "ACCOUNT_USER", user_id: person.userId, user_email: person.email };
}

/** `principal` of the workspace or of the organization. */
export function principalOf(world: World, scope: LogScope): EventObject {
  return scope === "workspace"
    ? { id: world.ids.workspaceId, type: "CHATGPT_WORKSPACE" }
    : { id: world.ids.organizationId, type: "API_PLATFORM_ORG" };
}

/** The address block of a person's request, in the shape that live lines have. */
export function requestMetadata(person: Person): EventObject {
  const { office } = person;
  return {
    client_ip: person.clientIp,
    client_ip_details: {
      country: office.country,
      city: office.city,
      region: office.region,
      region_code: office.regionCode,
      latitude: office.latitude,
      longitude: office.longitude,
    },
    client_user_agent: person.userAgent,
    client_ja3: randomOf("ja3", person.userAgent).hex(32),
    client_ja4: `t13d1516h2_${randomOf("ja4", person.userAgent).hex(12)}_${randomOf("ja4b", person.userAgent).hex(12)}`,
  };
}

/** The time of an event as its line prints it: as many digits as its type has, unless the quirk says otherwise. */
export function printedTime(world: World, id: string, us: number, natural: FractionDigits): string {
  const digits = world.quirksAt(us).fractionDigits;
  if (digits === "as-observed") return isoTime(us, natural);
  if (digits !== "mixed") return isoTime(us, digits);
  const choices: readonly FractionDigits[] = [0, 3, 6, 9];
  return isoTime(us, choices[Math.floor(shareOf("digits", id) * 4)] ?? 6);
}

/** One moment of a single event: its own random stream, instant, id and person. */
export interface Moment {
  readonly random: Random;
  readonly id: string;
  readonly atUs: number;
  readonly person: Person;
}

/**
 * Moments spread over a cell, as many as `shareOfEvents` of the day's traffic makes expected.
 * The n-th moment of a cell is the same one however many there are.
 */
export function momentsOf(world: World, cell: Cell, name: string, shareOfEvents: number): Moment[] {
  const mean = world.eventsPerDay * shareOfEvents * cell.share;
  const count = randomOf(world.seed, name, "count", cell.startMs).count(mean);
  return Array.from({ length: count }, (_, index) => {
    const random = randomOf(world.seed, name, cell.startMs, index);
    const id = random.uuid();
    const atUs = cell.startMs * 1000 + random.between(0, 599_999_999);
    const person = someoneAtWork(world.company, cell.startMs, () => random.fraction());
    return { random, id, atUs, person };
  });
}

/** The fields that every event begins with. */
export function envelope(
  world: World,
  family: Pick<EventFamily, "scope" | "type">,
  moment: Pick<Moment, "id" | "atUs">,
  actor: EventObject,
  naturalDigits: FractionDigits = 6,
): EventObject {
  return {
    event_id: moment.id,
    type: family.type,
    timestamp: printedTime(world, moment.id, moment.atUs, naturalDigits),
    principal: principalOf(world, family.scope),
    actor,
  };
}
