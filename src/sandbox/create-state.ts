import { STREAMS } from "./event-types.ts";
import { companyOf } from "./generator/company.ts";
import { familiesOf } from "./generator/families.ts";
import type { World } from "./generator/family.ts";
import { type OwnRequests, ownRequests } from "./generator/own-requests.ts";
import { DAY_MS } from "./instants.ts";
import { type Identities, identitiesOf, keyRing } from "./keys.ts";
import type { Settings } from "./options.ts";
import { archiveOf } from "./publishing/archive.ts";
import { type EntrySource, familySource, joinedSources } from "./publishing/entry-source.ts";
import { slotGrid } from "./publishing/slots.ts";
import { bulkFiles, type StreamFiles, slottedFiles } from "./publishing/stream-files.ts";
import { parseQuirks, quirkTimeline } from "./quirks.ts";
import { shareOf } from "./random.ts";
import { rateLimiter } from "./rate-limit.ts";
import { urlSigner } from "./signed-urls.ts";
import type { SandboxState } from "./state.ts";

/** Puts a sandbox together, all but its listeners. */
export function createState(settings: Settings): SandboxState {
  const { seed } = settings;
  const ids = identitiesOf(seed);
  const clock = sandboxClock(settings);
  const quirks = quirkTimeline(settings.quirks);
  const company = companyOf(seed, settings.people, settings.startAtMs - settings.days * DAY_MS);
  const quirksAt = (us: number) => quirks.at(us / 1000);
  const world: World = { seed, company, ids, eventsPerDay: settings.eventsPerDay, quirksAt };
  const requests = ownRequests(seed);
  const sources = sourcesOf(world, settings, requests);
  const streams = settings.bulk ? bulkStreams(settings, ids) : slottedStreams(settings, world, sources);
  const archive = archiveOf({ seed, streams, horizonMs: clock.horizonMs, quirks: quirks.current, quirksAt });
  if (settings.quirks.publishingStopped) clock.stopPublishing(true);
  return {
    settings,
    ids,
    company,
    keys: keyRing(seed, ids),
    limiter: rateLimiter(settings.rateLimits, clock.now),
    quirks,
    archive,
    ownRequests: requests,
    counters: { requests: {}, leakedAuthorizations: 0 },
    signer: urlSigner(seed),
    now: clock.now,
    horizonMs: clock.horizonMs,
    advance: clock.advance,
    setQuirks(changes) {
      quirks.change(parseQuirks(changes), clock.horizonMs());
      if (changes.publishingStopped !== undefined) clock.stopPublishing(changes.publishingStopped);
      for (const source of sources) source?.forget();
    },
    strikes: striker(seed),
  };
}

function sandboxClock(settings: Settings) {
  const startedAtMs = settings.now();
  let advancedMs = 0;
  let stoppedAtMs: number | undefined;
  const now = () => settings.now() - startedAtMs + settings.startAtMs + advancedMs;
  const flowing = () => (settings.live ? now() : settings.startAtMs + advancedMs);
  return {
    now,
    horizonMs: () => stoppedAtMs ?? flowing(),
    advance(ms: number) {
      advancedMs += ms;
    },
    stopPublishing(stopped: boolean) {
      stoppedAtMs = stopped ? (stoppedAtMs ?? flowing()) : undefined;
    },
  };
}

function sourcesOf(world: World, settings: Settings, requests: OwnRequests): (EntrySource | undefined)[] {
  const families = familiesOf(world);
  const traffic = {
    liveFromMs: settings.startAtMs,
    liveFactor: settings.liveFactor,
    fileIntervalMs: settings.fileIntervalMs,
  };
  return STREAMS.map((stream) => {
    const family = families.find((candidate) => candidate.scope === stream.scope && candidate.type === stream.type);
    const source = family && familySource(world, family, traffic);
    return stream.type === "AUDIT_LOG" && source ? joinedSources([source, requests]) : source;
  });
}

function slottedStreams(
  settings: Settings,
  world: World,
  sources: readonly (EntrySource | undefined)[],
): StreamFiles[] {
  const grid = slotGrid(settings.seed, settings.startAtMs, settings.fileIntervalMs);
  return STREAMS.map((stream, index) => {
    const source = sources[index];
    const facts = {
      seed: settings.seed,
      index,
      type: stream.type,
      principalId: stream.scope === "workspace" ? world.ids.workspaceId : world.ids.organizationId,
      oldestUs: (settings.startAtMs - settings.days * DAY_MS) * 1000,
      quirksAt: world.quirksAt,
    };
    return source ? slottedFiles(facts, source, grid) : NO_FILES;
  });
}

function bulkStreams(settings: Settings, ids: Identities): StreamFiles[] {
  const {
    files,
    linesPerFile,
    lineBytes = 1000,
    types = ["CONVERSATION_MESSAGE"],
  } = settings.bulk ?? { files: 0, linesPerFile: 0 };
  return STREAMS.map((stream, index) => {
    if (stream.scope !== "workspace" || !types.includes(stream.type)) return NO_FILES;
    const facts = {
      seed: settings.seed,
      index,
      type: stream.type,
      principalId: ids.workspaceId,
      oldestUs: (settings.startAtMs - settings.days * DAY_MS) * 1000,
      quirksAt: () => settings.quirks,
    };
    return bulkFiles(facts, settings.startAtMs * 1000, files, linesPerFile, lineBytes);
  });
}

const NO_FILES: StreamFiles = { within: () => [], backwards: () => [], at: () => undefined };

// Each subject has its own count, so that a fault hits the same tries of the same file whatever else is asked for in between.
function striker(seed: number): SandboxState["strikes"] {
  const asked = new Map<string, number>();
  return (fault, rate, subject) => {
    if (rate <= 0) return false;
    const name = `${fault} ${subject}`;
    const times = (asked.get(name) ?? 0) + 1;
    asked.set(name, times);
    return shareOf(seed, name, times) < rate;
  };
}
