import { HOUR_MS, isoTime } from "../instants.ts";
import type { Random } from "../random.ts";
import { randomOf } from "../random.ts";
import type { Person } from "./company.ts";
import { type EventFamily, type EventObject, envelope, type PlannedEvent, type World } from "./family.ts";
import { CELL_MS, someoneAtWork } from "./rhythm.ts";

/** Hourly use and cost of each person and product; published three to five hours after the hour has ended. */
export function costsFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "organization",
    type: "COSTS",
    reachMs: 7 * HOUR_MS,
    plan(cell) {
      if (cell.startMs % HOUR_MS !== 0) return [];
      const mean = world.eventsPerDay * 0.03 * cell.share * (HOUR_MS / CELL_MS);
      const rows = randomOf(world.seed, "costs count", cell.startMs).count(mean);
      return Array.from({ length: rows }, (_, index) => rowOf(world, family, cell.startMs, index));
    },
  };
  return family;
}

function rowOf(world: World, family: EventFamily, hourMs: number, index: number): PlannedEvent {
  const random = randomOf(world.seed, "costs", hourMs, index);
  const id = random.uuid();
  const person = someoneAtWork(world.company, hourMs, () => random.fraction());
  const delayMs = HOUR_MS + random.between(3 * HOUR_MS, 5 * HOUR_MS - 1);
  const moment = { id, atUs: hourMs * 1000 };
  const actor = { type: "SYSTEM", id: "costs_compliance" };
  const payload = payloadOf(world, person, hourMs, random);
  return { ...moment, delayMs, write: () => ({ ...envelope(world, family, moment, actor, 0), payload }) };
}

function payloadOf(world: World, person: Person, hourMs: number, random: Random): EventObject {
  const credits = random.between(1, 400) / 10;
  const input = random.between(500, 90_000);
  const estimate = random.chance(0.5) ? { estimated_cost_usd: credits * 0.04 } : {};
  return {
    day: isoTime(hourMs * 1000, 0).slice(0, 10),
    hour: new Date(hourMs).getUTCHours(),
    organization_id: world.ids.organizationId,
    identity: {
      user_id: person.userId,
      email: person.email,
      name: person.name,
      groups: [person.department],
      agent: null,
    },
    product: random.pick(["ChatGPT", "Codex", "Work"]),
    surface: random.pick(["web", "desktop", "mobile", "cli"]),
    client: person.clientType,
    model: random.pick(["gpt-5-5", "gpt-5-mini", "gpt-5-5-codex"]),
    service_tier: "default",
    reasoning: random.pick(["none", "medium", "high"]),
    measures: {
      usage: {
        input_tokens: input,
        cached_input_tokens: Math.floor(input / 3),
        output_tokens: random.between(50, 9_000),
      },
      billing: [
        {
          sku: "CREDITS",
          quantity: { value: credits, unit: "credits" },
          cost: { value: credits, unit: "credits" },
          ...estimate,
        },
      ],
    },
  };
}
