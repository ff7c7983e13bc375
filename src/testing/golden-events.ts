// One upstream event of each kind, as upstream writes them: what every format is tried with, and what docs/formats.md is drawn from.
import type { EventView } from "../model/outgoing.ts";
import { aView, hostileLines } from "./an-outgoing-event.ts";
import { goldenChanges } from "./golden-changes.ts";
import { ada, conversation, envelope, type Line, ORGANIZATION, step, WORKSPACE } from "./golden-shapes.ts";

export interface GoldenEvent {
  /** In a few words, for people; unique. */
  readonly name: string;
  readonly view: EventView;
}

const SENT_AT = "2026-07-15T15:29:05.746561Z";

const message = (id: string, author: Line, content: Line | undefined, files: readonly Line[] = []): Line => ({
  ...envelope(id, "CONVERSATION_MESSAGE", SENT_AT, ada),
  previous_message_id: `before-${id}`,
  message: {
    id: `message-${id}`,
    created_at: "2026-07-15T15:29:04.000114Z",
    author,
    ...(content ? { content } : {}),
    files,
  },
  conversation,
});

const called = (id: string, kind: string, input: Line | null, output: readonly Line[] | null): Line => ({
  ...envelope(id, "APP_LOG", "2026-07-15T15:30:12.900441Z", ada),
  app_id: "app-tickets",
  app_name: "Ticket desk",
  app_type: "MCP",
  conversation_id: conversation.id,
  log_type: kind,
  input,
  output,
});

const tokens = { input_tokens: 1201, output_tokens: 342, cached_input_tokens: 877, reasoning_output_tokens: 51 };

const talk: readonly (readonly [string, Line])[] = [
  [
    "User prompt",
    message(
      "e-prompt",
      { type: "user", client_type: "desktop_web" },
      { type: "text", value: "Is gauge 7 out of tolerance?\nIts log is attached.", annotations: [] },
      [{ id: "file-7aLog", name: "gauge-7.csv" }],
    ),
  ],
  [
    "Assistant message",
    message(
      "e-answer",
      { type: "assistant", model: "gpt-5-5", tools_used: ["browser"], skills_used: ["skill-42"] },
      {
        type: "text",
        value: "Yes: it drifted by 4 mm since May.",
        annotations: [{ type: "url_citation", urls: ["https://gauges.example/7"] }],
      },
    ),
  ],
  [
    "File upload",
    message("e-upload", { type: "user", client_type: "ios_app" }, undefined, [{ id: "file-8bPdf", name: "pier.pdf" }]),
  ],
  [
    "Tool call",
    called("e-call", "request", { tool_name: "search_tickets", arguments: { query: "gauge 7", limit: 25 } }, null),
  ],
  ["Tool answer", called("e-called", "response", null, [{ type: "text", text: "3 tickets" }])],
  [
    "App linked",
    {
      ...envelope("e-link", "APP_AUTH_LOG", "2026-07-15T09:00:00.000001Z", ada),
      app_id: "app-calendar",
      link_id: "link_71c0",
      action: "link",
    },
  ],
];

const work: readonly (readonly [string, Line])[] = [
  [
    "Codex prompt",
    step("e-codex", "CODEX_LOG", "PROMPT_SENT", "CODEX_CLI", {
      thread_id: "thread-31",
      prompt_text: "Fix the flaky flush test",
      repository: "telemetry",
      model: "gpt-5-5-codex",
    }),
  ],
  [
    "Codex answer",
    step("e-codexed", "CODEX_LOG", "PROMPT_RESPONSE_RECEIVED", "CODEX_VSCODE", {
      thread_id: "thread-32",
      prompt_text: "Add paging",
      response_text: "Done; the change is in one commit.",
      token_usage: tokens,
    }),
  ],
  [
    "Codex tool call failed",
    step("e-codexfail", "CODEX_LOG", "TOOL_CALL_FAILED", "CODEX_CLOUD", {
      thread_id: "thread-33",
      tool_name: "shell",
      call_id: "call_9Zx",
      arguments: { command: "npm test" },
      error_code: "exit_status",
      error_message: "Command exited with 1",
    }),
  ],
  [
    "Codex tool call denied",
    step("e-codexdeny", "CODEX_LOG", "TOOL_DECISION", "CODEX_CLI", {
      thread_id: "thread-34",
      tool_name: "python",
      call_id: "call_8Yw",
      decision: "denied_with_network_policy_deny",
    }),
  ],
  [
    "Codex turn",
    {
      ...envelope("e-turn", "CODEX_TURN", "2026-07-15T11:21:40.000250Z", ada),
      payload: {
        product_client_id: "codex_cli",
        model: "gpt-5-codex-mini",
        session_id: "sess_0f1e",
        thread_id: "thread-35",
        token_usage: { uncached_input_tokens: 1210, cached_input_tokens: 7300, output_tokens: 341 },
        cost_usd: null,
        estimated_cost_usd: 0.0175,
        credits: 0.5,
      },
    },
  ],
  [
    "Agent run",
    step("e-run", "CUSTOM_AGENTS_LOG", "AGENT_RUN_MESSAGE", "chatgpt_web", {
      agent_id: "agent-clerk",
      agent_fields: { name: "Invoice clerk", model_spec: { name: "gpt-5-5-pro", reasoning_effort: "medium" } },
      run_id: "run_55aa",
      message: "Three invoices need a second look",
    }),
  ],
  [
    "Agent memory written",
    {
      ...step("e-memory", "CUSTOM_AGENTS_LOG", "MEMORY_WRITE", "chatgpt_web", {
        agent_id: "agent-scribe",
        agent_fields: { name: "Scribe" },
        memory_id: "mem_44",
        content: "The pier closes at six",
      }),
      actor: {
        type: "AGENT",
        product_type: "custom_agent",
        id: "agent-scribe",
        name: "Scribe",
        agent_runtime: { delegator: { type: "ACCOUNT_USER", user_id: "user-ada" } },
      },
    },
  ],
  [
    "Costs",
    {
      event_id: "e-costs",
      type: "COSTS",
      timestamp: "2026-07-15T10:00:00Z",
      principal: { id: ORGANIZATION, type: "API_PLATFORM_ORG" },
      actor: { type: "SYSTEM", id: "costs_compliance" },
      payload: {
        day: "2026-07-15",
        hour: 10,
        identity: { user_id: "user-cost", email: "cost@harbourlight.example", name: "Cora Cost", groups: ["Finance"] },
        product: "Codex",
        model: "gpt-5-mini",
        measures: { usage: { input_tokens: 90_001 }, billing: [{ sku: "CREDITS", cost: { value: 12.4 } }] },
      },
    },
  ],
  [
    "A type that nobody knows",
    {
      ...envelope("e-new", "WORKSPACE_FORECAST_LOG", "2026-07-15T12:00:00.5Z", { type: "SYSTEM", id: "forecaster" }),
      workspace_id: WORKSPACE,
      forecast: { horizon_days: 7, seats: 61, confidence: 0.8 },
    },
  ],
];

const dataSources: Readonly<Record<string, string>> = {
  CONVERSATION_MESSAGE: "conversations",
  AUDIT_LOG: "audit-log",
  AUTH_LOG: "auth-log",
  APP_LOG: "app-log",
  APP_AUTH_LOG: "app-auth-log",
  CODEX_LOG: "codex-log",
  CODEX_TURN: "codex-turn",
  CUSTOM_AGENTS_LOG: "custom-agents-log",
  COSTS: "costs",
};

const golden = ([name, line]: readonly [string, Line], index: number): GoldenEvent => {
  const { event_id, type, timestamp } = line as { event_id: string; type: string; timestamp: string };
  const dataSource = dataSources[type] ?? "workspace-forecast-log";
  const raw = JSON.stringify(line);
  return { name, view: aView({ seq: index + 1, eventId: event_id, dataSource, type, time: timestamp, raw }) };
};

/** One event of each kind, as upstream writes it. */
export const goldenEvents: readonly GoldenEvent[] = [...talk, ...goldenChanges, ...work].map(golden);

/** Events that have broken collectors; the last one is not UTF-8. */
export const hostileGoldenEvents: readonly GoldenEvent[] = [...hostileLines, Buffer.from([0x7b, 0xff, 0x7d])].map(
  (raw, index) => ({ name: `hostile ${index + 1}`, view: aView({ seq: 900 + index, eventId: `h${index + 1}`, raw }) }),
);

/** The golden event of that name. Throws where there is none. */
export function goldenEvent(name: string): GoldenEvent {
  const found = goldenEvents.find((event) => event.name === name);
  if (!found) throw new Error(`There is no golden event ${name}`);
  return found;
}
