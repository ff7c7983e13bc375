import type { FileFeed } from "../../model/connector.ts";
import { type LogSource, logFeed } from "./log-feed.ts";
import type { Settings } from "./settings.ts";

// APP_LOG and APP_AUTH_LOG are served in both scopes; the workspace's are taken, because one collector is for one workspace
// and a key of the workspace reads them.
/** The event types that we know, in the order in which they are offered. */
export const logSources: readonly LogSource[] = [
  {
    name: "conversations",
    title: "Conversations",
    description: "Every message that people write and that ChatGPT answers, edits and temporary chats included.",
    upstreamType: "CONVERSATION_MESSAGE",
    scope: "workspace",
  },
  {
    name: "audit-log",
    title: "Audit log",
    description:
      "What administrators, users and API keys change or read in the workspace, this collector's own requests included.",
    upstreamType: "AUDIT_LOG",
    scope: "workspace",
  },
  {
    name: "auth-log",
    title: "Authentication log",
    description: "Sign-ins, failed sign-ins, sign-outs, tokens and password resets.",
    upstreamType: "AUTH_LOG",
    scope: "workspace",
  },
  {
    name: "app-log",
    title: "App log",
    description: "Calls of connected apps, with what went in and what came back.",
    upstreamType: "APP_LOG",
    scope: "workspace",
  },
  {
    name: "app-auth-log",
    title: "App authorisation log",
    description: "Which users link apps to their account, and which unlink them.",
    upstreamType: "APP_AUTH_LOG",
    scope: "workspace",
  },
  {
    name: "codex-log",
    title: "Codex log",
    description: "Codex prompts, answers, tool calls and environments of signed-in users.",
    upstreamType: "CODEX_LOG",
    scope: "workspace",
  },
  {
    name: "codex-turn",
    title: "Codex turns",
    description: "Model, tokens and cost of each Codex turn.",
    upstreamType: "CODEX_TURN",
    scope: "workspace",
  },
  {
    name: "codex-security-log",
    title: "Codex security log",
    description: "Scans, findings and proposed patches of Codex security.",
    upstreamType: "CODEX_SECURITY_LOG",
    scope: "workspace",
  },
  {
    name: "custom-agents-log",
    title: "Custom agents log",
    description: "Creation and runs of custom agents, their connector calls, memory and triggers.",
    upstreamType: "CUSTOM_AGENTS_LOG",
    scope: "workspace",
  },
  {
    name: "chatgpt-plugin-spreadsheet",
    title: "Spreadsheet plug-in",
    description: "Use of ChatGPT inside Excel and Google Sheets.",
    upstreamType: "CHATGPT_PLUGIN_SPREADSHEET",
    scope: "workspace",
  },
  {
    name: "costs",
    title: "Costs",
    description: "Hourly usage and cost by user, product and model, for the whole organization.",
    upstreamType: "COSTS",
    scope: "organization",
  },
];

export const dataSources: readonly FileFeed<Settings>[] = logSources.map(logFeed);

/**
 * A data source by its name or by upstream's name for its type, in either spelling (`MEMORY_CONTEXT`, `memory-context`). A type
 * that we do not know is taken to be the workspace's. Undefined where the name can be no type, or is one slip of the pen away
 * from a known name in lower case: then the known one is meant.
 */
export function resolveDataSource(name: string): FileFeed<Settings> | undefined {
  const known =
    dataSources.find((feed) => feed.name === name) ?? dataSources.find((feed) => feed.upstreamType === typeOf(name));
  if (known) return known;
  const upstreamType = typeOf(name);
  if (upstreamType === undefined || dataSources.some((feed) => isSlip(name, feed.name))) return undefined;
  return logFeed({
    name: upstreamType.toLowerCase().replaceAll("_", "-"),
    title: upstreamType,
    description: `Log events of the type ${upstreamType}, collected as they come.`,
    upstreamType,
    scope: "workspace",
  });
}

function typeOf(name: string): string | undefined {
  if (name.length > 64) return undefined;
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(name)) return name;
  return /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) ? name.toUpperCase().replaceAll("-", "_") : undefined;
}

/** True where one letter is too many, missing, wrong, or changed places with the next. */
function isSlip(given: string, meant: string): boolean {
  let head = 0;
  while (head < given.length && given[head] === meant[head]) head += 1;
  const rest = given.slice(head);
  const right = meant.slice(head);
  if (rest.slice(1) === right || rest === right.slice(1) || rest.slice(1) === right.slice(1)) return true;
  return rest[0] === right[1] && rest[1] === right[0] && rest.slice(2) === right.slice(2);
}

/** True where a data source's events are the organization's and not one workspace's. */
export function isOrganizations(feed: Pick<FileFeed, "upstreamType">): boolean {
  return logSources.some(({ upstreamType, scope }) => upstreamType === feed.upstreamType && scope === "organization");
}
