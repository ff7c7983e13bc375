import { CollectorError } from "./errors.ts";

/** One step of a connection test, told when it starts and again when it has ended. */
export interface CheckStep {
  /** Stable, such as `dns`, `tls`, `key`, `workspace`, `data-source:conversations`, `clock`. */
  readonly id: string;
  readonly title: string;
  readonly state: "running" | "ok" | "warning" | "failed" | "skipped";
  /** What was found, one sentence; never a secret. */
  readonly detail?: string | undefined;
  /** What to do about it, where the step failed or warns. */
  readonly remedy?: string | undefined;
  /** The stable reason of a failure, such as `scope_missing`. */
  readonly reason?: string | undefined;
  readonly durationMs?: number | undefined;
}

/** What a step came to. */
export interface StepOutcome<T> {
  readonly state: "ok" | "warning" | "failed" | "skipped";
  readonly detail: string;
  readonly remedy?: string | undefined;
  readonly reason?: string | undefined;
  /** What later steps need of this one. */
  readonly value?: T;
}

/**
 * One step from `running` to its end; returns the outcome's value. A CollectorError of `work` is a failed step with the
 * error's sentence and action; any other error is a bug and goes on.
 */
export async function* runStep<T = undefined>(
  id: string,
  title: string,
  now: () => Date,
  work: () => Promise<StepOutcome<T>>,
): AsyncGenerator<CheckStep, T | undefined> {
  yield { id, title, state: "running" };
  const startedAt = now().getTime();
  const { value, ...outcome } = await work().catch((error: unknown) => failedOutcome<T>(error));
  yield { id, title, ...outcome, durationMs: Math.max(0, now().getTime() - startedAt) };
  return value;
}

/** A step that is not carried out, and why. */
export const skippedStep = (id: string, title: string, detail: string): CheckStep => ({
  id,
  title,
  state: "skipped",
  detail,
});

function failedOutcome<T>(error: unknown): StepOutcome<T> {
  if (!(error instanceof CollectorError)) throw error;
  const { message, action, reason, code } = error;
  return { state: "failed", detail: message, remedy: action, reason: reason ?? code };
}
