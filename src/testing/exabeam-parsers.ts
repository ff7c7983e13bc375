// The contract of Exabeam's published parsers for ChatGPT, version 1.0.0, restated: which texts each takes, where it finds the time, and
// which fields it reads. The facts are those of its content library; the code is ours.

export interface ExabeamParser {
  readonly name: string;
  /** Pieces that the text has to hold, as they stand. */
  readonly conditions: readonly string[];
  /** The time that it reads; undefined where the text has none in the form that it knows. */
  readonly time: (text: string) => string | undefined;
  /** Fields by name, each with the paths that may hold it. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** What a parser made of a text. */
export interface Parsed {
  readonly parser: string;
  /** Undefined: the event would be taken without its time. */
  readonly time: string | undefined;
  readonly fields: Readonly<Record<string, readonly unknown[]>>;
}

// yyyy-MM-dd'T'HH:mm:ss.SSSSSSZ: six digits, no fewer.
const SIX_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d{4})$/;

function timestampOf(text: string): string | undefined {
  const { timestamp } = JSON.parse(text) as { timestamp?: unknown };
  return typeof timestamp === "string" && SIX_DIGITS.test(timestamp) ? timestamp : undefined;
}

const inWorkspace = '"type":"CHATGPT_WORKSPACE"';
const auditFields = {
  operation: ["action"],
  privileges: ["action_privilege"],
  result: ["action_result"],
  conversation_id: ["action_data.conversation_id"],
  shared_conversation_id: ["action_data.shared_conversation_id"],
  dest_user_id: [
    "action_data.user_id",
    "action_data.deleted_user_id",
    "action_data.added_user_id",
    "action_data.removed_user_id",
  ],
  dest_email_address: ["action_data.email_address", "action_data.email_addresses.*"],
  role: ["action_data.role"],
  group_id: ["action_data.group_id"],
  group_name: ["action_data.name", "action_data.new_name"],
  src_ip: ["request_metadata.client_ip"],
  user_agent: ["request_metadata.client_user_agent"],
  user_type: ["actor.type"],
  user_id: ["actor.user_id"],
  email_address: ["actor.user_email"],
};

const audit = (name: string, action: string): ExabeamParser => ({
  name,
  conditions: [inWorkspace, '"type":"AUDIT_LOG"', action],
  time: timestampOf,
  fields: auditFields,
});

/** In the order in which they are tried: the first that fits takes the text. */
export const exabeamParsers: readonly ExabeamParser[] = [
  {
    name: "request-response",
    conditions: [inWorkspace, '"type":"CONVERSATION_MESSAGE"', '"conversation":'],
    time: timestampOf,
    fields: {
      workspace_id: ["principal.id"],
      conversation_id: ["conversation.id"],
      ai_agent_id: ["conversation.gpt_id"],
      conversation_title: ["conversation.title"],
      user_id: ["actor.user_id"],
      email_address: ["actor.user_email"],
      message_author_type: ["message.author.type"],
      ai_tool_name: ["message.author.tools_used.*"],
      llm_request: ["message.content.value"],
      file_name: ["message.files.*.name"],
      file_id: ["message.files.*.id"],
    },
  },
  audit("conversation-delete", '"action":"CONVERSATION_DELETE"'),
  audit("conversation-share", '"action":"CONVERSATION_SHARE"'),
  audit("user-delete", '"action":"USER_DELETE"'),
  audit("audit", '"action":'),
  {
    name: "legacy-message",
    conditions: ['"object":"compliance.workspace.conversation', '"workspace_id":', '"gpt_id":'],
    time: (text) => /"created_at":(\d{10})\.\d+,"files"/.exec(text)?.[1],
    fields: { llm_request: ["message.content.value"], message_author_type: ["message.author.role"] },
  },
];

/** Undefined where no parser takes the text. */
export function parsedByExabeam(text: string): Parsed | undefined {
  const parser = exabeamParsers.find(({ conditions }) => conditions.every((piece) => text.includes(piece)));
  if (!parser) return undefined;
  const data: unknown = JSON.parse(text);
  const read = Object.entries(parser.fields).map(([name, paths]) => [name, paths.flatMap((path) => at(data, path))]);
  return { parser: parser.name, time: parser.time(text), fields: Object.fromEntries(read) };
}

/** The values at a path, `*` being every item of a list; null counts as nothing. */
function at(data: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [data];
  for (const name of path.split("."))
    values = values.flatMap((value) =>
      name === "*" ? (Array.isArray(value) ? value : []) : [(value as Record<string, unknown> | null)?.[name]],
    );
  return values.filter((value) => value !== undefined && value !== null);
}
