import { textAt, valueAt } from "../lookup.ts";
import { thingOf } from "../thing.ts";
import type { Told } from "../told.ts";
import type { Fields } from "./fields.ts";

const CHANGES: ReadonlySet<string> = new Set(["creation", "change", "deletion", "share"]);

/** Upstream's own facts, which the schema has no fields for. Together with those of the record these are all that there are. */
export function complianceFields(told: Told): Fields {
  const { facts, view, kind } = told;
  const { actor, app, client, conversation, files, message } = facts;
  const thing = CHANGES.has(kind) ? thingOf(view, facts) : undefined;
  return {
    "labels.conversation_id": conversation.id,
    "openai.compliance.action": facts.action,
    "openai.compliance.result": facts.result,
    "openai.compliance.privilege": facts.privilege,
    "openai.compliance.principal.type": facts.principalType,
    "openai.compliance.actor.type": actor.type,
    "openai.compliance.actor.id": actor.id,
    "openai.compliance.client.program": client.program,
    "openai.compliance.conversation.id": conversation.id,
    "openai.compliance.conversation.title": conversation.title,
    "openai.compliance.conversation.is_temporary": conversation.isTemporary,
    "openai.compliance.project.id": conversation.projectId,
    "openai.compliance.project.name": conversation.projectName,
    "openai.compliance.message.id": message.id,
    "openai.compliance.message.previous_id": message.previousId,
    "openai.compliance.message.author": message.author,
    "openai.compliance.message.tools": message.tools,
    "openai.compliance.message.skills": message.skills,
    "openai.compliance.file.id": files.flatMap(({ id }) => id ?? []),
    "openai.compliance.app.id": app.id,
    "openai.compliance.app.name": app.name,
    "openai.compliance.session.id": facts.sessionId,
    "openai.compliance.thing.type": thing?.type,
    "openai.compliance.thing.id": thing?.id,
    "openai.compliance.thing.name": thing?.name,
    "openai.compliance.auth.provider": textAt(view.data, "action_data", "auth_provider_name"),
    ...settingOf(told),
  };
}

function settingOf({ view, facts, kind }: Told): Fields {
  if (kind !== "setting") return {};
  const value = valueAt(view.data, "action_data", "value") ?? valueAt(view.data, "action_data", "enabled");
  return {
    "openai.compliance.setting.name": textAt(view.data, "action_data", "feature") ?? facts.action?.toLowerCase(),
    // As a text: a field that is a boolean today and a number tomorrow would be refused.
    "openai.compliance.setting.new":
      typeof value === "boolean" || typeof value === "string" ? String(value) : undefined,
  };
}
