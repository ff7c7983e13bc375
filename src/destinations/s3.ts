// Objects in S3, or in a storage service that speaks as S3 does.
//
// A batch becomes one object for each type and hour in it. Keys and bytes follow from the batch alone: a repeat puts the same objects again
// over themselves, however far the first attempt came.
import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../model/check.ts";
import {
  defineDestination,
  type OutletAnswer,
  type Sender,
  type SenderContext,
  type Sent,
} from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import { formatNames, type OutgoingEvent } from "../model/outgoing.ts";
import { s3Error, xmlText } from "./parts/s3-errors.ts";
import { objectsOf, type S3Object } from "./parts/s3-objects.ts";
import { bucketUrl, signedHeaders } from "./parts/s3-request.ts";
import { type S3Settings, s3Settings } from "./parts/s3-settings.ts";
import { testBatch } from "./parts/test-batch.ts";

type Context = SenderContext<S3Settings>;

/** A large object over a slow line. */
const LIMIT_MS = 300_000;
/** S3 refuses what is signed more than 15 minutes off. */
const WORTH_A_WARNING_MS = 300_000;

export const s3 = defineDestination<S3Settings>({
  name: "s3",
  title: "Amazon S3 and compatible",
  description:
    "Puts events as compressed NDJSON or Parquet objects into a bucket of S3, of Security Lake, or of a compatible service.",
  group: "lake",
  settings: s3Settings,
  address: ["endpoint", "region", "bucket"],
  formats: formatNames,
  guarantee: "idempotent",
  guaranteeNote: "A repeated batch puts the same objects over themselves.",
  limits: { events: 50_000, bytes: 16_000_000 },
  maxAgeMs: 300_000,
  concurrency: 2,
  open: openS3,
});

/** How far the service's clock is ahead of ours, as far as it has told. */
interface Clock {
  aheadMs: number;
}

function openS3(context: Context): Sender {
  const clock: Clock = { aheadMs: 0 };
  return {
    async send(batch, signal) {
      signal.throwIfAborted();
      for (const object of objectsOf(batch, context.settings)) await putWhole(object, context, clock, signal);
      return clockWarning(clock);
    },
    check: (test, signal) => check(context, clock, test, signal),
    async close() {},
  };
}

/** Puts the object. Where the service finds our clock wrong, once more by its own. */
async function putWhole(object: S3Object, context: Context, clock: Clock, signal: AbortSignal): Promise<void> {
  const bytes = await object.bytes();
  const url = new URL(object.key, bucketUrl(context.settings));
  const put = async () => {
    const at = new Date(context.now().getTime() + clock.aheadMs);
    const headers = await signedHeaders({ url, bytes, contentType: object.contentType, at }, context.settings);
    return context.outlet.request(url, { method: "PUT", headers, body: bytes, signal, limitMs: LIMIT_MS });
  };
  const first = await put();
  const aheadMs = clockOf(first, context.now());
  if (xmlText(first.text, "Code") !== "RequestTimeTooSkewed" || aheadMs === undefined)
    return assertTaken(first, url, context);
  clock.aheadMs = aheadMs;
  assertTaken(await put(), url, context);
}

function assertTaken(answer: OutletAnswer, url: URL, { settings, now }: Context): void {
  const { secret_access_key: secret, session_token: token } = settings;
  if (answer.status !== 200) {
    const secrets = [secret, token].filter((one) => one !== undefined);
    throw s3Error(answer, { host: url.host, now: now(), secrets });
  }
  if (answer.headers.get("etag")) return;
  throw new CollectorError("protocol", `${url.host} answered 200, but not as S3 does after taking an object`, {
    reason: "unexpected_answer",
    action: "Check the endpoint, and whether a sign-in page or a proxy answers in its place",
    status: answer.status,
  });
}

/** By how much the service's clock is ahead, from what it says in an error or in the header of any answer. */
function clockOf({ text, headers }: OutletAnswer, now: Date): number | undefined {
  const told = Date.parse(xmlText(text, "ServerTime") ?? headers.get("date") ?? "");
  return Number.isNaN(told) ? undefined : told - now.getTime();
}

const clockWarning = ({ aheadMs }: Clock): Sent =>
  Math.abs(aheadMs) < WORTH_A_WARNING_MS ? {} : { warning: clockWords(aheadMs) };

const clockWords = (aheadMs: number) =>
  `The clock of this machine is ${Math.round(Math.abs(aheadMs) / 60_000)} minutes ${aheadMs > 0 ? "behind" : "ahead of"} the service's`;

async function* check(
  context: Context,
  clock: Clock,
  test: OutgoingEvent,
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const reached = yield* runStep("connect", "The bucket is there", context.now, () => lookForBucket(context, signal));
  const title = "A test event is stored";
  if (reached === undefined) return yield skippedStep("deliver", title, "The bucket was not found");
  yield* runStep("deliver", title, context.now, async () => {
    const [object] = objectsOf(testBatch(test), context.settings);
    await putWhole(object!, context, clock, signal);
    return { state: "ok" as const, detail: `It is the object ${object!.key}` };
  });
}

/**
 * Asks for the bucket without signing, so that the key needs no right but the one to put objects: that it is refused is as good an answer as
 * any, and AWS tells the region with it.
 */
async function lookForBucket({ settings, outlet, now }: Context, signal: AbortSignal): Promise<StepOutcome<true>> {
  const url = bucketUrl(settings);
  const answer = await outlet.request(url, { method: "HEAD", signal });
  const { status } = answer;
  const region = answer.headers.get("x-amz-bucket-region");
  if (region !== null && region !== settings.region)
    return failed(`The bucket is in the region ${region}`, "wrong_region", `Set the region to ${region}`);
  if (status === 404)
    return failed(
      `${url.host} knows no bucket ${settings.bucket}`,
      "bucket_missing",
      "Make the bucket, or correct its name or the endpoint",
    );
  if (status >= 500 || status === 429) throw s3Error(answer, { host: url.host, now: now(), secrets: [] });
  const aheadMs = clockOf(answer, now()) ?? 0;
  const detail = `${url.host} answers for ${settings.bucket}`;
  if (Math.abs(aheadMs) < WORTH_A_WARNING_MS) return { state: "ok", detail, value: true };
  return {
    state: "warning",
    detail: clockWords(aheadMs),
    remedy: "Set the clock of this machine, best by NTP",
    value: true,
  };
}

const failed = (detail: string, reason: string, remedy: string): StepOutcome<true> => ({
  state: "failed",
  detail,
  reason,
  remedy,
});
