// Where a request came from, in the shape that schemas ask for.
import { isIP } from "node:net";
import type { EventView } from "../model/outgoing.ts";
import type { ClientFacts, Facts } from "./facts.ts";
import { textAt } from "./lookup.ts";

/** The address, where it is one. */
export const addressOf = ({ ip }: ClientFacts): string | undefined =>
  ip !== undefined && isIP(ip) !== 0 && !ip.includes("%") ? ip : undefined;

export interface Place {
  /** Two capital letters. */
  readonly countryCode: string | undefined;
  readonly country: string | undefined;
  /** The country and its part, as `DE-SH`. */
  readonly regionCode: string | undefined;
  readonly region: string | undefined;
  readonly city: string | undefined;
  readonly at: { readonly lat: number; readonly lon: number } | undefined;
}

export function placeOf({ data }: EventView, { client }: Facts): Place {
  const { country, region, city } = client;
  const code =
    textAt(data, "request_metadata", "client_ip_details", "region_code") ??
    textAt(data, "event_details", "request_metadata", "client_ip_details", "region_code");
  const countryCode = country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined;
  const isCode = countryCode !== undefined && code !== undefined && /^[A-Z0-9]{1,3}$/.test(code);
  return {
    countryCode,
    country: countryCode === undefined ? country : undefined,
    regionCode: isCode ? `${countryCode}-${code}` : undefined,
    region,
    city,
    at: pointOf(client),
  };
}

function pointOf({ latitude = "", longitude = "" }: ClientFacts): Place["at"] {
  const [lat, lon] = [degrees(latitude, 90), degrees(longitude, 180)];
  return lat === undefined || lon === undefined ? undefined : { lat, lon };
}

function degrees(text: string, most: number): number | undefined {
  const value = /^-?\d{1,3}(?:\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
  return Math.abs(value) <= most ? value : undefined;
}
