import { MINUTE_MS } from "../instants.ts";
import { type Random, randomOf } from "../random.ts";
import type { Named, Person } from "./company.ts";
import {
  actorOf,
  type Cell,
  type EventFamily,
  type EventObject,
  envelope,
  momentsOf,
  type PlannedEvent,
  type World,
} from "./family.ts";

const REACH_MS = 60 * MINUTE_MS;
const MEAN_STEPS = 6;
const CLIENTS = ["CODEX_CLI", "CODEX_VSCODE", "CODEX_CLOUD", "CODEX_UNKNOWN_DEFAULT"];
const PROMPTS = [
  "Fix the flaky flush test in the telemetry package and explain the cause",
  "Füge der REST-Schnittstelle eine Seitennummerierung hinzu",
  "テストの重複をなくしてください",
  "Add a retry with backoff to the upload client; keep the public signature",
  "Write a migration that splits the address column",
];
const COMMANDS = [
  "npm test",
  "git diff --stat",
  "rg -n 'TODO' src",
  "curl -s https://registry.example/health",
  "python -m pytest -q",
];

/** One piece of work with the coding agent. */
interface CodexSession {
  readonly random: Random;
  readonly threadId: string;
  readonly startUs: number;
  readonly person: Person;
  readonly clientId: string;
  readonly model: string;
  readonly repository: Named;
  readonly prompt: string;
}

function sessionsIn(world: World, cell: Cell): CodexSession[] {
  return momentsOf(world, cell, "codex", 0.12 / MEAN_STEPS).map(({ random, id, atUs, person }) => ({
    random,
    threadId: id,
    startUs: atUs,
    person,
    clientId: random.pick(CLIENTS),
    model: random.pick(["gpt-5-5-codex", "gpt-5-codex-mini"]),
    repository: random.pick(world.company.repositories),
    prompt: random.pick(PROMPTS),
  }));
}

/** What the coding agent was asked, suggested and ran. */
export function codexLogFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: "CODEX_LOG",
    reachMs: REACH_MS,
    plan: (cell) => [
      ...sessionsIn(world, cell).flatMap((session) => stepsOf(world, family, session)),
      ...momentsOf(world, cell, "codex admin", 0.004).map(({ random, id, atUs, person }) => {
        const kind = random.pick([
          "ENVIRONMENT_CREATED",
          "ENVIRONMENT_UPDATED",
          "ACCESS_TOKEN_CREATED",
          "PLUGIN_INSTALLED",
        ]);
        const details = {
          environment_id: `env_${random.hex(16)}`,
          repository: random.pick(world.company.repositories).name,
        };
        return event(world, family, { id, atUs, person, clientId: "CODEX_CLOUD" }, kind, details);
      }),
    ],
  };
  return family;
}

function stepsOf(world: World, family: EventFamily, session: CodexSession): PlannedEvent[] {
  const { random, threadId, prompt, repository } = session;
  let atUs = session.startUs;
  const planned: PlannedEvent[] = [];
  const add = (kind: string, details: EventObject) => {
    const id = randomOf(world.seed, "codex step", threadId, planned.length).uuid();
    planned.push(event(world, family, { ...session, id, atUs }, kind, { thread_id: threadId, ...details }));
    atUs += random.between(1, 90) * 1_000_000;
  };
  add("PROMPT_SENT", { prompt_text: prompt, repository: repository.name, model: session.model });
  for (let call = random.between(1, 3); call > 0; call -= 1) {
    const tool = {
      tool_name: "shell",
      call_id: `call_${random.alphanumeric(20)}`,
      arguments: { command: random.pick(COMMANDS) },
    };
    const allowed = random.chance(0.92);
    const works = random.chance(0.9);
    add("TOOL_CALL_SUGGESTED", tool);
    add("TOOL_DECISION", {
      ...tool,
      decision: allowed ? "approved_for_session" : random.pick(["denied", "denied_with_network_policy_deny"]),
    });
    if (allowed && works) add("TOOL_CALL_COMPLETED", { ...tool, exit_code: 0, output: "ok\n" });
    if (allowed && !works)
      add("TOOL_CALL_FAILED", { ...tool, error_code: "exit_status", error_message: "Command exited with 1" });
  }
  add("PROMPT_RESPONSE_RECEIVED", {
    prompt_text: prompt,
    response_text: "Done; the change is in one commit.",
    token_usage: tokens(random),
  });
  return planned;
}

function tokens(random: Random): EventObject {
  return {
    input_tokens: random.between(900, 60_000),
    output_tokens: random.between(80, 4_000),
    cached_input_tokens: random.between(0, 40_000),
    reasoning_output_tokens: random.between(0, 9_000),
  };
}

function event(
  world: World,
  family: EventFamily,
  at: { readonly id: string; readonly atUs: number; readonly person: Person; readonly clientId: string },
  kind: string,
  details: EventObject,
): PlannedEvent {
  return {
    id: at.id,
    atUs: at.atUs,
    write: () => ({
      ...envelope(world, family, at, actorOf(at.person)),
      event_type: kind,
      client_id: at.clientId,
      workspace_id: world.ids.workspaceId,
      event_details: { detail_type: kind, ...details },
    }),
  };
}

/** What each turn of the coding agent took and cost. */
export function codexTurnFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: "CODEX_TURN",
    reachMs: REACH_MS,
    plan: (cell) =>
      sessionsIn(world, cell).map((session) => {
        const random = randomOf(world.seed, "codex turn", session.threadId);
        const moment = { id: random.uuid(), atUs: session.startUs + random.between(20, 600) * 1_000_000 };
        return {
          ...moment,
          write: () => ({
            ...envelope(world, family, moment, actorOf(session.person)),
            payload: turnOf(session, random.between(1, 9)),
          }),
        };
      }),
  };
  return family;
}

function turnOf(session: CodexSession, thousand: number): EventObject {
  return {
    product_client_id: session.clientId.toLowerCase(),
    model: session.model,
    session_id: `sess_${session.threadId.slice(0, 8)}`,
    thread_id: session.threadId,
    token_usage: {
      uncached_input_tokens: thousand * 1210,
      cached_input_tokens: thousand * 7300,
      output_tokens: thousand * 340,
    },
    cost_usd: null,
    estimated_cost_usd: thousand * 0.0175,
    credits: thousand * 0.5,
  };
}

const FINDINGS = [
  "hard-coded credential",
  "path traversal in upload",
  "outdated TLS settings",
  "SQL built from user input",
];

/** Scans of repositories and what became of their findings. */
export function codexSecurityFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: "CODEX_SECURITY_LOG",
    reachMs: 10 * MINUTE_MS,
    plan: (cell) =>
      momentsOf(world, cell, "codex security", 0.006).map(({ random, id, atUs, person }) => {
        const kinds = [
          "SCAN_CONFIGURATION_CREATED",
          "SCAN_CONFIGURATION_UPDATED",
          "SCAN_FINDING_UPDATED",
          "PROPOSED_PATCH_PR_CREATED",
        ];
        const details = {
          repository: random.pick(world.company.repositories).name,
          finding_id: `finding_${random.hex(12)}`,
          title: random.pick(FINDINGS),
          severity: random.pick(["low", "medium", "high", "critical"]),
          status: random.pick(["open", "triaged", "fixed", "dismissed"]),
        };
        return event(world, family, { id, atUs, person, clientId: "CODEX_CLOUD" }, random.pick(kinds), details);
      }),
  };
  return family;
}

/** Work of the add-in for spreadsheets. */
export function spreadsheetFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: "CHATGPT_PLUGIN_SPREADSHEET",
    reachMs: 10 * MINUTE_MS,
    plan: (cell) =>
      momentsOf(world, cell, "spreadsheet", 0.02).map(({ random, id, atUs, person }) => {
        const kind = random.pick(["PROMPT_SENT", "PROMPT_RESPONSE_RECEIVED", "TOOL_CALL_COMPLETED"]);
        const details = {
          document_name: random.pick(["Budget 2027.xlsx", "Umsatz.xlsx", "売上.xlsx"]),
          prompt_text: random.pick(["Sum column D by month", "Markiere doppelte Zeilen", "D列の平均を出して"]),
          range: `B2:F${random.between(20, 900)}`,
          token_usage: tokens(random),
        };
        return event(
          world,
          family,
          { id, atUs, person, clientId: random.pick(["excel_addin", "sheets_addin"]) },
          kind,
          details,
        );
      }),
  };
  return family;
}
