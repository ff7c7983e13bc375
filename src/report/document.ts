// What stands in a completeness report. docs/coverage.md explains each field to its readers.
import { z } from "zod";
import { coverageStates } from "../model/coverage.ts";
import { instantUs } from "../model/time.ts";

export const FORMAT = "cistern-completeness-report";

const Count = z.int().nonnegative();
const Text = z.string();
const Instant = z.string().refine((text) => instantUs(text) !== undefined, { error: "not a time" });
const Hash = z.string().regex(/^[0-9a-f]{64}$/);

const outcome = {
  lines: Count,
  inserted: Count,
  duplicates: Count,
  conflicts: Count,
  quarantined: Count,
  tombstoned: Count,
  held: Count,
};

/** The counts that are summed over the files. */
export const summed = Object.keys(outcome) as readonly (keyof typeof outcome)[];

const FileSchema = z.strictObject({
  id: Text,
  end_time: Instant,
  state: z.enum(["pending", "done", "quarantined", "expired"]),
  size: Count,
  /** What upstream's list says; null where it says nothing. */
  listed_sha256: Text.nullable(),
  /** What became of it; null until it is done. */
  done: z.strictObject({ sha256: Hash, verified: z.boolean(), ...outcome }).nullable(),
});

const GapSchema = z.strictObject({
  /** Within the interval of the report. */
  from: Instant,
  to: Instant,
  /** As it was recorded. */
  whole_from: Instant,
  whole_to: Instant,
  reason: z.enum(["expired_upstream", "stopped_too_long", "suspected"]),
  files: Count,
  file_id: Text.nullable(),
  recorded_at: Instant,
  acknowledged_at: Instant.nullable(),
});

const HoleSchema = z.strictObject({
  file_id: Text,
  end_time: Instant,
  state: z.enum(["pending", "quarantined"]),
  attempts: Count,
  error: Text.nullable(),
});

const SourceSchema = z.strictObject({
  name: Text,
  upstream_type: Text,
  /** The workspace or organization whose events these must be; null where this version cannot tell. */
  principal: Text.nullable(),
  complete: z.boolean(),
  complete_through: Instant.nullable(),
  claim_moved_back: Count,
  scanned_to: Instant.nullable(),
  asked_from: Instant.nullable(),
  allowance_seconds: Count,
  last_deep_scan: Instant.nullable(),
  minutes: z.strictObject(Object.fromEntries(coverageStates.map((state) => [state, Count])) as MinuteShape),
  counts: z.strictObject({
    files: Count,
    files_done: Count,
    files_pending: Count,
    files_quarantined: Count,
    files_expired: Count,
    ...outcome,
  }),
  gaps: z.array(GapSchema),
  holes: z.array(HoleSchema),
  files: z.array(FileSchema),
  rehash: z.strictObject({ events: Count, mismatched: z.array(Count) }),
});

type MinuteShape = Record<(typeof coverageStates)[number], typeof Count>;

const Interval = z.strictObject({ from: Instant, to: Instant, reason: Text });

const CorrectionSchema = z.strictObject({
  report: Text,
  issued_at: Instant,
  data_source: Text,
  contradicted: z.boolean(),
  files_added: z.array(Text),
  files_changed: z.array(z.strictObject({ id: Text, from: Text, to: Text })),
  gaps_added: z.array(Interval),
  gaps_closed: z.array(Interval),
});

const statement = {
  format: z.literal(FORMAT),
  version: z.literal(1),
  id: Text,
  issued_at: Instant,
  issued_by: Text,
  product: Text,
  collector: z.strictObject({ id: Text, name: Text, connector: Text }),
  interval: z.strictObject({ from: Instant, to: Instant, minutes: Count }),
  data_sources: z.array(SourceSchema),
  corrections: z.array(CorrectionSchema),
  signing: z.strictObject({ algorithm: z.literal("Ed25519"), public_key: Hash, fingerprint: Text }),
};

const StatementSchema = z.strictObject(statement);
export const DocumentSchema = z.strictObject({ ...statement, signature: z.string().regex(/^[0-9a-f]{128}$/) });

/** Everything that is signed. */
export type Statement = z.infer<typeof StatementSchema>;
export type ReportDocument = z.infer<typeof DocumentSchema>;
export type SourceStatement = z.infer<typeof SourceSchema>;
export type ReportedFile = z.infer<typeof FileSchema>;
export type ReportedGap = z.infer<typeof GapSchema>;
export type ReportedCorrection = z.infer<typeof CorrectionSchema>;
