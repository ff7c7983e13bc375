// The staged connection test. It asks as little as it can, because upstream records each request in the customer's audit log,
// and it only ever reads.
import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../../model/check.ts";
import type { CheckContext, FileFeed, UpstreamFile } from "../../model/connector.ts";
import { CollectorError } from "../../model/errors.ts";
import { dataSources, isOrganizations } from "./data-sources.ts";
import { problemError, problems } from "./problems.ts";
import { createSampler, type Sampler } from "./sample.ts";
import type { Settings } from "./settings.ts";

type Context = CheckContext<Settings>;
type Feed = FileFeed<Settings>;

const MAX_SKEW_MS = 60_000;
/** Enough for the first line of nearly every file. */
const SAMPLE_BYTES = 262_144;

const titles = {
  key: "Authorization token",
  workspace: "Workspace",
  download: "Download",
  "key-scope": "What the key may do",
  "retired-route": "Retired conversations list",
  clock: "Clock",
} as const;

export async function* check(ctx: Context): AsyncGenerator<CheckStep> {
  let reached = true;
  for await (const step of ctx.probe(new URL(ctx.settings.base_url))) {
    reached &&= step.state !== "failed";
    yield step;
  }
  if (!reached) return yield* skipFrom(ctx, "key", "Not tried: the API cannot be reached");
  if (ctx.dataSources.length === 0) return yield* skipFrom(ctx, "key", "Not tried: no data source is chosen");

  const sampler = createSampler(ctx);
  const accepted = yield* runStep("key", titles.key, ctx.now, () => checkKey(ctx, sampler));
  if (!accepted) return yield* skipFrom(ctx, "workspace", "Not tried: the key could not be tested");
  const workspace = yield* runStep("workspace", titles.workspace, ctx.now, () => checkWorkspace(ctx, sampler));

  for (const feed of ctx.dataSources as readonly Feed[]) {
    const [id, title] = stepOf(feed);
    if (!workspace && !isOrganizations(feed)) yield skippedStep(id, title, "Not tried: the workspace cannot be read");
    else yield* runStep(id, title, ctx.now, () => checkDataSource(ctx, sampler, feed));
  }
  yield* runStep("download", titles.download, ctx.now, () => checkDownload(ctx, sampler));
  yield keyScope();
  yield* runStep("retired-route", titles["retired-route"], ctx.now, () => checkRetiredRoute(ctx, workspace === true));
  yield* runStep("clock", titles.clock, ctx.now, () => checkClock(sampler));
}

const stepOf = (feed: Feed) => [`data-source:${feed.name}`, feed.title] as const;

/** The remaining steps, all of them skipped for one reason. */
function* skipFrom(ctx: Context, first: "key" | "workspace", why: string): Generator<CheckStep> {
  if (first === "key") yield skippedStep("key", titles.key, why);
  yield skippedStep("workspace", titles.workspace, why);
  for (const feed of ctx.dataSources as readonly Feed[]) yield skippedStep(...stepOf(feed), why);
  for (const id of ["download", "key-scope", "retired-route", "clock"] as const) yield skippedStep(id, titles[id], why);
}

/** Only a list of the documented shape proves that the key is accepted: any service may refuse, and in any words. */
async function checkKey(ctx: Context, sampler: Sampler): Promise<StepOutcome<true>> {
  let asked = false;
  for (const feed of ctx.dataSources as readonly Feed[]) {
    const { error } = await sampler.sample(feed);
    const key = `the key ending in ${ctx.settings.token.slice(-4)}`;
    if (!error) return { state: "ok", detail: `OpenAI accepts ${key}`, value: true };
    if (!saysMoreThanTheKey(error)) throw error;
    asked ||= error.reason !== "organization_id_missing";
    if (!isOfOneSource(error)) break;
  }
  const detail = asked
    ? "Not proven: nothing could be listed, and what is refused is not the key itself; see below"
    : "Not tried: every chosen data source needs the organization ID";
  return { state: "skipped", detail, value: true };
}

/** Problems of the ids and of single data sources: the other steps tell of them. */
const aboutOthers: readonly string[] = [
  "scope_missing",
  "access_refused",
  "workspace_refused",
  "organization_refused",
  "workspace_unknown",
  "organization_unknown",
  "organization_id_missing",
  "workspace_id_is_organization",
  "organization_id_is_workspace",
  "type_of_workspace",
  "type_of_organization",
  "unknown_event_type",
  "request_refused",
  "route_retired",
] satisfies readonly (keyof typeof problems)[];

const saysMoreThanTheKey = (error: CollectorError) => aboutOthers.includes(error.reason ?? "");
const isOnlyTheType = ({ reason }: CollectorError) =>
  reason === "unknown_event_type" || reason === "type_of_organization";
/** Another data source may be listed all the same. */
const isOfOneSource = (error: CollectorError) =>
  isRefusal(error) || /_type$|^type_|organization/.test(error.reason ?? "");
const isRefusal = (error: CollectorError) => error.reason === "scope_missing" || error.reason === "access_refused";

/**
 * The workspace is right as soon as one of its logs can be read. Where none of the chosen ones can, the others are tried: that
 * tells a key without one scope from a key of another workspace.
 */
async function checkWorkspace(ctx: Context, sampler: Sampler): Promise<StepOutcome<true>> {
  const chosen = (ctx.dataSources as readonly Feed[]).filter((feed) => !isOrganizations(feed));
  if (chosen.length === 0) {
    return { state: "skipped", detail: "Not tried: no data source of the workspace is chosen", value: true };
  }
  const others = dataSources.filter((feed) => !isOrganizations(feed) && !chosen.some(({ name }) => name === feed.name));
  let refusal: CollectorError | undefined;
  for (const feed of [...chosen, ...others]) {
    const isChosen = chosen.includes(feed);
    if (!isChosen && refusal === undefined) break;
    const { error } = await sampler.sample(feed);
    if (!error) return { state: "ok", detail: `The key reads workspace ${ctx.settings.workspace_id}`, value: true };
    if (isRefusal(error)) refusal ??= error;
    else if (!isOnlyTheType(error)) throw error;
  }
  if (refusal) throw noLogReadable(refusal);
  // The type is asked for after the workspace was accepted: only the data source is wrong.
  return { state: "ok", detail: `OpenAI knows workspace ${ctx.settings.workspace_id}`, value: true };
}

function noLogReadable(refusal: CollectorError): CollectorError {
  const cause = refusal.cause instanceof CollectorError ? refusal.cause : undefined;
  const enabled = problemError("access_not_enabled", "", cause);
  if (refusal.reason === "scope_missing") return enabled;
  // OpenAI did not say why, so both causes are named.
  const action = `${problems.workspace_refused.action}. ${problems.access_not_enabled.action}`;
  return new CollectorError("auth_failed", enabled.message, {
    reason: "access_not_enabled",
    action,
    cause,
    status: 403,
  });
}

async function checkDataSource(ctx: Context, sampler: Sampler, feed: Feed): Promise<StepOutcome<undefined>> {
  const { page, error } = await sampler.sample(feed);
  if (!page) throw error;
  const newest = await feed.newest?.({ ...ctx });
  const files = page.files.length === 1 ? "1 file" : `${page.files.length} files`;
  const count = page.more ? `${files} or more` : files;
  const event = newest === undefined ? "OpenAI names no newest event" : `newest event ${newest}`;
  return { state: "ok", detail: `${count} in the last day, ${event}` };
}

/** One file to its first line: proves that the storage host can be reached, and whose events these are. */
async function checkDownload(ctx: Context, sampler: Sampler): Promise<StepOutcome<undefined>> {
  const pages = sampler.pages();
  if (pages.size === 0) return { state: "skipped", detail: "Not tried: no data source could be read" };
  const candidate = smallest(pages);
  if (!candidate) return { state: "skipped", detail: "Not tried: no file was listed in the last day" };
  const { feed, file } = candidate;
  const line = await firstLine(await feed.open(ctx, file));
  if (line === undefined) return { state: "ok", detail: `A file of ${feed.title} can be downloaded` };
  const { principal } = feed.identify(line);
  const wanted = feed.principal(ctx.settings);
  if (principal !== undefined && principal !== wanted) {
    return {
      state: "failed",
      detail: `The events of ${feed.title} belong to ${principal}, not to ${wanted}`,
      remedy: "Correct the ID: the collector stops at events of another workspace or organization",
      reason: "foreign_principal",
    };
  }
  return { state: "ok", detail: `A file of ${feed.title} can be downloaded and is of ${wanted}` };
}

function smallest(pages: ReadonlyMap<Feed, readonly UpstreamFile[]>): { feed: Feed; file: UpstreamFile } | undefined {
  const all = [...pages].flatMap(([feed, files]) => files.map((file) => ({ feed, file })));
  return all
    .filter(({ file }) => file.size > 0)
    .reduce<(typeof all)[number] | undefined>(
      (least, one) => (least === undefined || one.file.size < least.file.size ? one : least),
      undefined,
    );
}

/** The first line of a file; undefined where it is longer than what is worth reading for a test. */
async function firstLine(body: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    const end = text.indexOf("\n");
    if (!done && end === -1 && text.length < SAMPLE_BYTES) continue;
    await reader.cancel();
    if (end !== -1) return text.slice(0, end);
    return done && text !== "" ? text : undefined;
  }
}

function keyScope(): CheckStep {
  return {
    id: "key-scope",
    title: titles["key-scope"],
    state: "skipped",
    detail:
      "Whether the key can also delete cannot be told: OpenAI lets a key ask nothing about itself, and this test never sends a DELETE",
    remedy:
      "Look at the key in the Admin Console under Credentials, Admin keys: a collector only reads, and a key with All or with the delete scope can destroy what it should preserve",
  };
}

async function checkRetiredRoute(ctx: Context, workspaceReadable: boolean): Promise<StepOutcome<undefined>> {
  const { settings, upstream, signal } = ctx;
  const wanted = ctx.dataSources.some(({ name }) => name === "conversations");
  if (!wanted || !workspaceReadable) return { state: "skipped", detail: "Not tried: conversations are not read" };
  const url = new URL(`${settings.base_url}/compliance/workspaces/${settings.workspace_id}/conversations?limit=1`);
  try {
    const answer = await upstream.get(url, { route: "workspace.conversations", signal });
    await answer.body?.cancel();
    return { state: "ok", detail: "The former list of conversations still answers; it is not used" };
  } catch (error) {
    if (!(error instanceof CollectorError) || error.status === undefined) throw error;
    const gone = error.status === 410 || error.status === 404;
    const detail = gone
      ? "As expected, the former list of conversations is gone since 2026-06-05; conversations come as log files"
      : `The former list of conversations answers ${error.status}; it is not used`;
    return { state: "ok", detail };
  }
}

async function checkClock(sampler: Sampler): Promise<StepOutcome<undefined>> {
  const skewMs = sampler.skewMs();
  if (skewMs === undefined)
    return { state: "skipped", detail: "Not compared: no list was read whose time could be taken" };
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  if (Math.abs(skewMs) <= MAX_SKEW_MS)
    return { state: "ok", detail: `This machine's clock differs from OpenAI's by ${seconds} s` };
  return {
    state: "warning",
    detail: `This machine's clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} OpenAI's`,
    remedy: "Set the clock of this machine, best by NTP; collecting does not depend on it, but the times shown do",
    reason: "clock_skew",
  };
}
