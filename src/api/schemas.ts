// Schemas that several resources share.
import { z } from "@hono/zod-openapi";
import { parseDuration } from "../model/duration.ts";
import { healthCauses, healthFaults, healthStates } from "../model/health.ts";
import { instantUs, isTimezone } from "../model/time.ts";

/** RFC 3339 in UTC. */
export const Instant = z.string().openapi({ format: "date-time" });

/** An instant that somebody sends. */
export const GivenInstant = z
  .string()
  .max(40)
  .refine((text) => /[zZ]|[+-]\d\d:\d\d$/.test(text) && instantUs(text) !== undefined, {
    error: "Expected a time such as 2026-10-24T00:00:00Z",
  })
  .openapi({ format: "date-time" });

export const GivenDuration = z
  .string()
  .max(20)
  .refine((text) => (parseDuration(text) ?? 0) > 0, { error: "Expected a duration such as 60s or 24h" });

export const GivenTimezone = z
  .string()
  .max(60)
  .refine(isTimezone, { error: "Expected a name of the IANA time zones, such as Europe/Berlin" });

export const Id = z.object({ id: z.string().min(1).max(100) });

export const HealthFields = {
  health: z.enum(healthStates),
  cause: z.enum(healthCauses),
  reason: z.string(),
  summary: z.string(),
  action: z.string().optional(),
  fault: z.enum(healthFaults),
  evidence: z.array(z.object({ fact: z.string(), value: z.string() })).readonly(),
  support: z.string().optional(),
  forecast: z.object({ seconds: z.number(), at: Instant, by: z.enum(["measured", "allowance"]) }).optional(),
  headroom: z.object({ seconds: z.number(), until: Instant, level: z.enum(["ok", "warning", "critical"]) }).optional(),
};

export const SecretInfoSchema = z.object({ name: z.string(), last4: z.string(), setAt: Instant }).openapi("SecretInfo");

export const Settings = z.record(z.string(), z.unknown());

export const Volume = z.object({ events: z.number(), bytes: z.number() });

export const VolumeBucketSchema = z.object({ at: z.number(), events: z.number(), bytes: z.number() });
