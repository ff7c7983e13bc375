// OCSF, the Open Cybersecurity Schema Framework, in two of its versions.
import { eventKey } from "../../model/event.ts";
import type { EventView, Format } from "../../model/outgoing.ts";
import { mapped } from "../mapped.ts";
import { canBeTakenApart, restOf } from "../rest.ts";
import { originalOf, type Told, toldBy } from "../told.ts";
import { bodyOf } from "./body.ts";
import { type Body, classes, type OcsfClass, OTHER, type Version } from "./classes.ts";
import { observablesOf } from "./observables.ts";
import { present } from "./parts.ts";

export const ocsf: Format = {
  name: "ocsf",
  title: "OCSF 1.8",
  description: "Open Cybersecurity Schema Framework 1.8.0, for security lakes and SIEMs that read it.",
  kind: "json",
  render: (view) => rendered(view, "1.8.0"),
};

export const ocsf19: Format = {
  name: "ocsf-1.9",
  title: "OCSF 1.9",
  description: "Open Cybersecurity Schema Framework 1.9.0, which has places for prompts, answers, agents and users.",
  kind: "json",
  render: (view) => rendered(view, "1.9.0"),
};

function rendered(view: EventView, version: Version): string {
  const told = toldBy(view);
  const body = bodyOf(told, version);
  const record = present({
    ...classificationOf(body),
    ...outcomeOf(told),
    message: told.facts.action,
    time: told.facts.timeMs ?? millisecondsOf(view.stored.ingestedAt),
    metadata: metadataOf(told, body, version),
    ...body.attributes,
    raw_data: originalOf(view),
    raw_data_size: view.stored.raw.byteLength,
  })!;
  const observables = observablesOf(record);
  const { raw_data, ...said } = record;
  return withUnmapped(JSON.stringify(observables ? { ...record, observables } : record), view, said);
}

// The text of the rest goes in as it is, after everything else.
function withUnmapped(json: string, view: EventView, said: object): string {
  const rest = canBeTakenApart(view.text, view.data) ? restOf(view, mapped, said) : wholeOf(view);
  return rest === undefined ? json : `${json.slice(0, -1)},"unmapped":${rest}}`;
}

/** The event as a single text, where it is not UTF-8 or too deep or too long to be taken apart. */
const wholeOf = ({ text, stored }: EventView) =>
  JSON.stringify(text === undefined ? { raw_base64: Buffer.from(stored.raw).toString("base64") } : { raw: text });

function classificationOf({ of, activity, activityName }: Body) {
  const { uid, name, category, categoryName, activities }: OcsfClass = classes[of];
  const caption = activityName ?? activities[activity] ?? "Other";
  return {
    category_uid: category,
    category_name: categoryName,
    class_uid: uid,
    class_name: name,
    activity_id: activity,
    activity_name: caption,
    type_uid: uid * 100 + activity,
    type_name: `${name}: ${activity === OTHER ? "Other" : caption}`,
  };
}

const STATUS = { success: [1, "Success"], failure: [2, "Failure"], unknown: [0, "Unknown"] } as const;

// What is refused by a rule is graver than what merely did not work.
function severityOf({ outcome, facts }: Told): readonly [id: number, caption: string] {
  if (outcome !== "failure") return [1, "Informational"];
  return /blocked|denied/i.test(facts.result ?? facts.action ?? "") ? [3, "Medium"] : [2, "Low"];
}

function outcomeOf(told: Told) {
  const { facts, outcome } = told;
  const [status_id, status] = STATUS[outcome];
  const [severity_id, severity] = severityOf(told);
  const detail = facts.errorMessage ?? (outcome === "failure" ? facts.action : undefined);
  return {
    severity_id,
    severity,
    status_id,
    status,
    status_code: facts.errorCode ?? facts.result,
    status_detail: detail,
  };
}

function metadataOf({ view, facts }: Told, { profiles }: Body, version: Version) {
  const { stored, collector } = view;
  const site = { sitename: stored.siteName, siteid: stored.siteId, timezone: stored.timezone };
  const tags = Object.entries(site).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return present({
    version,
    product: { name: "ChatGPT Enterprise", vendor_name: "OpenAI" },
    profiles: profiles ?? [],
    uid: eventKey(stored),
    original_event_uid: stored.eventId,
    event_code: stored.type,
    log_name: stored.dataSource,
    log_source: collector,
    log_provider: view.connector === "" ? undefined : view.connector,
    original_time: stored.time === "" ? undefined : stored.time,
    logged_time: millisecondsOf(stored.ingestedAt),
    tenant_uid: facts.principalId,
    correlation_uid: facts.conversation.id ?? facts.sessionId,
    tags: tags.length === 0 ? undefined : tags,
  });
}

const millisecondsOf = (time: string) => Date.parse(time) || 0;
