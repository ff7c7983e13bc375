import { MINUTE_MS } from "../instants.ts";
import type { Random } from "../random.ts";
import { actorOf, type EventFamily, type EventObject, envelope, type Moment, momentsOf, type World } from "./family.ts";

const KINDS = [
  "AGENT_RUN_CREATED",
  "AGENT_RUN_MESSAGE",
  "AGENT_RUN_COMPLETED",
  "AGENT_RUN_FAILED",
  "CONNECTOR_CALL_REQUESTED",
  "CONNECTOR_CALL_COMPLETED",
  "SKILL_USED",
  "MEMORY_READ",
  "MEMORY_WRITE",
  "AGENT_CREATED",
  "AGENT_UPDATED",
  "AGENT_PUBLISHED",
  "TRIGGER_CREATED",
];

/** What the company's own agents do, and who changes them. */
export function customAgentsFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: "CUSTOM_AGENTS_LOG",
    reachMs: 10 * MINUTE_MS,
    plan: (cell) =>
      momentsOf(world, cell, "agents", 0.04).map((moment) => {
        const { random, id, atUs } = moment;
        const kind = random.pick(KINDS);
        const agent = random.pick(world.company.agents);
        const composite = random.chance(world.quirksAt(atUs).compositeUserIds);
        const details = detailsOf(world, kind, random);
        // Older lines name the model, newer ones specify it.
        const model = random.chance(0.3)
          ? { model: "gpt-5-5" }
          : { model_spec: { name: "gpt-5-5", reasoning_effort: "medium" } };
        return {
          id,
          atUs,
          write: () => ({
            ...envelope(world, family, moment, actorFor(world, kind, moment, agent.id, agent.name, composite)),
            event_type: kind,
            client_id: "chatgpt_web",
            workspace_id: world.ids.workspaceId,
            event_details: {
              detail_type: kind,
              agent_id: agent.id,
              agent_fields: { name: agent.name, ...model },
              ...details,
            },
          }),
        };
      }),
  };
  return family;
}

function detailsOf(world: World, kind: string, random: Random): EventObject {
  const run = { run_id: `run_${random.hex(20)}` };
  const app = random.pick(world.company.apps);
  const skill = random.pick(world.company.skills);
  const text = random.pick([
    "Three invoices need a second look",
    "Zwei Tickets neu zugeordnet",
    "会議の要点を送信しました",
  ]);
  if (kind.startsWith("CONNECTOR")) return { ...run, app_id: app.id, app_name: app.name };
  if (kind === "SKILL_USED") return { ...run, skill_id: skill.id, skill_name: skill.name };
  if (kind.startsWith("MEMORY")) return { memory_id: `mem_${random.hex(16)}`, content: text };
  if (kind === "AGENT_RUN_FAILED")
    return { ...run, error_code: "tool_timeout", error_message: "The tool did not answer in time" };
  return kind.startsWith("AGENT_RUN") ? { ...run, message: text } : {};
}

function actorFor(
  world: World,
  kind: string,
  moment: Moment,
  agentId: string,
  agentName: string,
  composite: boolean,
): EventObject {
  const { person } = moment;
  if (!kind.startsWith("MEMORY")) {
    const userId = composite ? `${person.userId}__${world.ids.workspaceId}` : person.userId;
    return { ...actorOf(person), user_id: userId };
  }
  return {
    type: "AGENT",
    product_type: "custom_agent",
    id: agentId,
    name: agentName,
    product_id: agentId,
    agent_runtime: { delegator: { type: "ACCOUNT_USER", user_id: person.userId } },
    agent_task: { id: `task_${moment.id.slice(0, 8)}` },
  };
}
