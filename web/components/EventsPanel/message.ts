// A conversation's message out of its event, for reading. What is shown as exact is the text itself, never this.

export interface Message {
  /** `user`, `assistant`, `tool`, … */
  readonly author: string;
  /** Model, client, tools: short facts about who wrote it. */
  readonly facts: readonly (readonly [string, string])[];
  readonly text: string | undefined;
  /** The upstream's word for what kind of content it is, where that is not text. */
  readonly contentType: string | undefined;
  readonly files: readonly { readonly name: string; readonly id: string | undefined }[];
  readonly links: readonly string[];
  readonly title: string | undefined;
  readonly conversation: string | undefined;
  readonly temporary: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Undefined where the text is no conversation message of a shape that we know. */
export function messageOf(raw: string): Message | undefined {
  const event = parsed(raw);
  const message = object(event?.message);
  if (event?.type !== "CONVERSATION_MESSAGE" || message === undefined) return undefined;
  const author = object(message.author) ?? {};
  const content = object(message.content) ?? {};
  const conversation = object(event.conversation) ?? {};
  const contentType = text(content.type);
  return {
    author: text(author.type) ?? text(author.role) ?? "unknown author",
    facts: present([
      ["Model", text(author.model)],
      ["Client", text(author.client_type)],
      ["Tools", words(author.tools_used)],
      ["Skills", words(author.skills_used)],
      ["GPT", text(conversation.gpt_name) ?? text(conversation.gpt_id)],
      ["Project", text(conversation.project_name) ?? text(conversation.project_id)],
    ]),
    text: text(content.value) ?? joined(content.parts),
    contentType: contentType === "text" ? undefined : contentType,
    files: list(message.files).map((file) => ({
      name: text(object(file)?.name) ?? "unnamed file",
      id: text(object(file)?.id),
    })),
    links: [...new Set(list(content.annotations).flatMap((each) => urlsOf(object(each) ?? {})))],
    title: text(conversation.title),
    conversation: text(conversation.id),
    temporary: conversation.is_temporary_chat === true,
  };
}

function parsed(raw: string): Json | undefined {
  try {
    return object(JSON.parse(raw));
  } catch {
    return undefined; // it is shown as it is
  }
}

function urlsOf(annotation: Json): readonly string[] {
  return [annotation.url, ...list(annotation.urls)].map(text).filter((url) => url !== undefined);
}

const object = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

function joined(value: unknown): string | undefined {
  const parts = list(value).filter((part) => typeof part === "string");
  return parts.length === 0 ? undefined : parts.join("\n");
}

function words(value: unknown): string | undefined {
  const found = list(value).map((each) => text(each) ?? text(object(each)?.name));
  return text(found.filter(Boolean).join(", "));
}

function present(facts: readonly (readonly [string, string | undefined])[]): readonly (readonly [string, string])[] {
  return facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
}
