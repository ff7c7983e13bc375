import { textAt } from "../lookup.ts";
import { tokensOf } from "../tokens.ts";
import type { Told } from "../told.ts";
import { type Fields, oneOrMany } from "./fields.ts";

/** What was written, by which model, with which tools and files. */
export const contentFields = (told: Told): Fields => ({
  message: told.facts.text,
  ...modelFields(told),
  ...fileFields(told),
});

const OPERATIONS: Readonly<Record<string, string>> = {
  prompt: "chat",
  answer: "chat",
  "tool-call": "execute_tool",
  "tool-answer": "execute_tool",
  "agent-run": "invoke_agent",
  usage: "chat",
};

function modelFields({ view, facts, kind }: Told): Fields {
  const { agent, conversation, message, model, toolName } = facts;
  const operation = OPERATIONS[kind];
  const isAnswer = kind === "answer";
  const tokens = tokensOf(view);
  return {
    "gen_ai.operation.name": operation,
    "gen_ai.system": operation === undefined ? undefined : "openai",
    "gen_ai.request.model": isAnswer ? undefined : model,
    "gen_ai.response.model": isAnswer ? model : undefined,
    "gen_ai.response.id": isAnswer ? message.id : undefined,
    "gen_ai.agent.id": agent.id ?? conversation.gptId,
    "gen_ai.agent.name": agent.id === undefined ? conversation.gptName : agent.name,
    "gen_ai.tool.name": toolName,
    "gen_ai.tool.call.id": textAt(view.data, "event_details", "call_id"),
    "gen_ai.usage.input_tokens": tokens.input,
    "gen_ai.usage.output_tokens": tokens.output,
  };
}

function fileFields({ view, facts }: Told): Fields {
  const names = facts.files.flatMap(({ name }) => name ?? []);
  return {
    "file.name": oneOrMany(names),
    "file.extension": oneOrMany(names.flatMap(extensionOf)),
    "file.mime_type": names.length === 0 ? undefined : textAt(view.data, "action_data", "mime_type"),
  };
}

const extensionOf = (name: string): readonly string[] => /\.([A-Za-z0-9]{1,10})$/.exec(name)?.slice(1) ?? [];
