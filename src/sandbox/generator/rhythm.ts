import { HOUR_MS, MINUTE_MS } from "../instants.ts";
import type { Company, Person } from "./company.ts";
import { OFFICES, type Office } from "./offices.ts";

/** Time is planned in cells of ten minutes, whatever the interval of files. */
export const CELL_MS = 10 * MINUTE_MS;

// How busy each local hour is: quiet nights, two peaks, a dip at noon.
const HOURS = [1, 0.6, 0.4, 0.3, 0.3, 0.6, 2, 6, 14, 22, 24, 22, 15, 18, 23, 22, 19, 13, 8, 6, 5, 4, 3, 2];
const HOURS_SUM = HOURS.reduce((sum, value) => sum + value, 0);
const WEEKEND_FACTOR = 0.12;
// Nobody's upstream is ever wholly silent: background jobs, late workers, people on the road.
const FLOOR = 0.12;

/** The part of an average weekday's traffic that falls into the cell that starts at this instant. */
export function shareOfDay(cellStartMs: number): number {
  const worked = OFFICES.reduce((sum, office) => sum + office.share * officeLevel(office, cellStartMs), 0);
  return ((1 - FLOOR) * worked + FLOOR / 24) / 6;
}

/** A person who is likely to be at work then: the best of a few draws. */
export function someoneAtWork(company: Company, atMs: number, draw: () => number): Person {
  let chosen: Person | undefined;
  let best = -1;
  for (let i = 0; i < 4; i += 1) {
    const person = company.people[Math.floor(draw() * company.people.length)];
    if (!person || person.status === "inactive") continue;
    const level = officeLevel(person.office, atMs) * draw();
    if (level > best) {
      best = level;
      chosen = person;
    }
  }
  return chosen ?? (company.people[0] as Person);
}

function officeLevel(office: Office, atMs: number): number {
  const local = new Date(atMs + office.utcOffset * HOUR_MS);
  const day = local.getUTCDay();
  return ((HOURS[local.getUTCHours()] ?? 1) / HOURS_SUM) * (day === 0 || day === 6 ? WEEKEND_FACTOR : 1);
}
