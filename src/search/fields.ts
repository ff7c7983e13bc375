/** `words`: words of one column. `exact`: the whole value, whatever its case. `either`: a word of the column, or the whole value. */
export type FieldKind = "words" | "exact" | "either";

export interface SearchField {
  readonly kind: FieldKind;
  /** What it holds, for the help beside the search bar. */
  readonly help: string;
}

/** The fields that a query can name. docs/search.md lists the same. */
export const searchFields: Readonly<Record<string, SearchField>> = {
  text: { kind: "words", help: "what was written: messages, prompts, answers, details" },
  title: { kind: "words", help: "names of conversations, GPTs, projects and apps" },
  file: { kind: "either", help: "a file's name or id" },
  user: { kind: "either", help: "a person's e-mail address, name or id, or the last characters of a key" },
  type: { kind: "exact", help: "the upstream's word for the kind of event" },
  action: { kind: "exact", help: "what was done" },
  result: { kind: "exact", help: "how it ended" },
  ip: { kind: "exact", help: "the address it came from" },
  model: { kind: "exact", help: "the model" },
  author: { kind: "exact", help: "user or assistant" },
  client: { kind: "exact", help: "the program or app used" },
  tool: { kind: "exact", help: "a tool or skill used" },
  app: { kind: "exact", help: "an app's name or id" },
  gpt: { kind: "exact", help: "a GPT's name or id" },
  project: { kind: "exact", help: "a project's name or id" },
  conversation: { kind: "exact", help: "a conversation's id" },
  message: { kind: "exact", help: "a message's id" },
  id: { kind: "exact", help: "the event's id" },
  ref: { kind: "exact", help: "any other id" },
  source: { kind: "exact", help: "the data source's name" },
  collector: { kind: "exact", help: "the collector's id" },
  site: { kind: "exact", help: "the site's name or id" },
};

/** The columns of words, in the order of the full-text table; `field` follows them. */
export const wordColumns = ["text", "title", "file", "user"] as const;

export type WordColumn = (typeof wordColumns)[number];

/** Fields in which a word that looks like an id is looked up as well. */
export const idFields = [
  "id",
  "conversation",
  "message",
  "user",
  "ref",
  "file",
  "gpt",
  "project",
  "app",
  "ip",
  "tool",
] as const;
