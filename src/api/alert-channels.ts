import type { Context } from "hono";
import type { z } from "zod";
import { channelSettings, splitChannel } from "../model/alert-channels.ts";
import type { AlertChannel, ChannelKind, Notice } from "../model/alerts.ts";
import { CollectorError } from "../model/errors.ts";
import { newId } from "../model/ids.ts";
import { newSigningSecret } from "../model/signing-secret.ts";
import { ChannelChangeBody, NewChannelBody, SavedChannel, TestResult } from "./alert-schemas.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { invalidInput, Refusal } from "./errors.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";
import { Id } from "./schemas.ts";

const tag = "alerts";
const permission = "alerts.write";
const TEST_MS = 30_000;

/** Where alerts go: add, change, remove, try out. */
export const channelRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  route(
    {
      method: "post",
      path: "/alerts/channels",
      tag,
      summary: "Add a channel",
      permission,
      body: NewChannelBody,
      answer: SavedChannel,
      status: 201,
    },
    ({ c, body }) => create(deps, c, body),
  ),
  route(
    {
      method: "patch",
      path: "/alerts/channels/{id}",
      tag,
      summary: "Change a channel; another address clears its secrets",
      permission,
      params: Id,
      body: ChannelChangeBody,
      answer: SavedChannel,
    },
    ({ c, params, body }) => change(deps, c, channelOf(deps, params.id), body),
  ),
  route(
    {
      method: "delete",
      path: "/alerts/channels/{id}",
      tag,
      summary: "Remove a channel",
      permission,
      params: Id,
    },
    ({ c, params }) => {
      deps.alerts.deleteChannel(params.id);
      recordChange(deps, c, "alert_channel.deleted", params.id);
    },
  ),
  route(
    {
      method: "post",
      path: "/alerts/channels/{id}/test",
      tag,
      summary: "Send a test message now",
      permission,
      params: Id,
      answer: TestResult,
    },
    async ({ c, params }) => {
      const channel = channelOf(deps, params.id);
      recordChange(deps, c, "alert_channel.tested", params.id);
      return await sendTest(deps, channel);
    },
  ),
];

function create(deps: ApiDeps, c: Context<ApiEnv>, body: z.infer<typeof NewChannelBody>) {
  const { name, kind, leastSeverity = "warning", enabled = true } = body;
  const { settings, secrets } = checkedSettings(kind, body.settings);
  if (kind === "slack" && secrets.url === undefined) throw missingField("url", "The hook's address is needed");
  const signingSecret = kind === "webhook" && !secrets.secret ? newSigningSecret(deps.randomBytes) : undefined;
  const all = signingSecret === undefined ? secrets : { ...secrets, secret: signingSecret };
  const wanted = { name, kind, settings, leastSeverity, enabled, managedBy: "console" } as const;
  const channel = deps.alerts.createChannel(wanted, all);
  recordChange(deps, c, "alert_channel.created", channel.id, { name: channel.name, kind });
  return { channel, signingSecret };
}

function change(deps: ApiDeps, c: Context<ApiEnv>, before: AlertChannel, body: z.infer<typeof ChannelChangeBody>) {
  const { id, kind } = before;
  const { settings: given, ...rest } = body;
  const { settings, secrets } = given ? checkedSettings(kind, given) : { settings: before.settings, secrets: {} };
  const named = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const changed = deps.alerts.updateChannel(id, { ...named, settings }, secrets);
  // A webhook whose address has changed has lost its secret: it gets a new one rather than none.
  const lost = kind === "webhook" && changed.secrets.length === 0;
  const signingSecret = lost ? newSigningSecret(deps.randomBytes) : undefined;
  const channel = signingSecret ? deps.alerts.updateChannel(id, {}, { secret: signingSecret }) : changed;
  recordChange(deps, c, "alert_channel.changed", id, { fields: Object.keys(body) });
  return { channel, signingSecret };
}

function channelOf({ alerts }: ApiDeps, id: string): AlertChannel {
  const channel = alerts.channel(id);
  if (channel === undefined) throw new Refusal("not_found", `There is no alert channel ${id}`);
  return channel;
}

/** By the schema of the kind, empty texts counting as not given. */
function checkedSettings(kind: ChannelKind, given: Readonly<Record<string, unknown>>) {
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "" && value !== null));
  const parsed = channelSettings[kind].safeParse(filled);
  if (!parsed.success) throw invalidInput(parsed.error);
  return splitChannel(kind, parsed.data);
}

const missingField = (name: string, message: string) =>
  new Refusal("invalid", `Not valid: ${name}`, { fields: { [name]: message } });

async function sendTest({ alerts, alertSender, now, randomBytes }: ApiDeps, channel: AlertChannel) {
  const at = now().toISOString();
  const notice: Notice = { kind: "test", severity: "warning", problem: testProblem, since: at, at };
  const { allowNetworks } = alerts.settings();
  try {
    const to = { channel, secrets: alerts.secretsOf(channel.id), allowNetworks };
    await alertSender.send({ id: newId("msg", randomBytes), notice }, to, AbortSignal.timeout(TEST_MS));
    return { ok: true };
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    return { ok: false, reason: error.reason ?? error.code, message: error.message, action: error.action };
  }
}

const testProblem: Notice["problem"] = {
  key: "test",
  rule: "degraded",
  severity: "warning",
  cause: "test",
  state: "running",
  collectorId: undefined,
  collector: undefined,
  dataSources: [],
  reason: "This is a test: nothing is wrong",
  action: undefined,
  fingerprint: "test",
};
