// What of an event can be found: its words by column, and its field values. A pure function of the line's bytes.
import type { WordColumn } from "./fields.ts";

/** The searchable side of an event. Well formed throughout; U+0000 stands as U+2400. */
export interface SearchText {
  /** Words by column; pieces are separated by line ends. */
  readonly words: Readonly<Record<WordColumn, string>>;
  /** Name and value, for exact matches. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

interface Rule {
  readonly column?: WordColumn;
  readonly field?: string;
}

/** The most text of one event that is indexed, in UTF-16 code units. */
export const maxTextLength = 1_048_576;
const maxDepth = 40;
const maxFields = 200;

const nothing: Rule = {};
const words: Rule = { column: "text" };
const titleOf = (field?: string): Rule => (field === undefined ? { column: "title" } : { column: "title", field });
const only = (field: string): Rule => ({ field });
const person: Rule = { column: "user", field: "user" };

// A key within a parent goes before the key anywhere. What is not named here is text, ids (`id`, `…_id`) are references, times are left out.
const rules = new Map<string, Rule>([
  ["event_id", nothing],
  ["type", nothing],
  ["previous_message_id", nothing],
  ["user_id", only("user")],
  ["user_email", person],
  ["email", person],
  ["redacted_id", person],
  ["conversation_id", only("conversation")],
  ["message_id", only("message")],
  ["model", only("model")],
  ["title", titleOf()],
  ["gpt_name", titleOf("gpt")],
  ["gpt_id", only("gpt")],
  ["project_name", titleOf("project")],
  ["project_id", only("project")],
  ["app_name", titleOf("app")],
  ["app_id", only("app")],
  ["file_name", { column: "file" }],
  ["file_id", only("file")],
  ["client_type", only("client")],
  ["client_id", only("client")],
  ["product_client_id", only("client")],
  ["client", only("client")],
  ["tools_used", only("tool")],
  ["skills_used", only("tool")],
  ["action", only("action")],
  ["event_type", only("action")],
  ["detail_type", nothing],
  ["action_result", only("result")],
  ["decision", only("result")],
  ["action_privilege", nothing],
  ["client_ip", only("ip")],
  ["ip_address", only("ip")],
  ["client_ja3", only("ref")],
  ["client_ja4", only("ref")],
  ["latitude", nothing],
  ["longitude", nothing],
  ["timestamp", nothing],
]);
const rulesWithin = new Map<string, ReadonlyMap<string, Rule>>([
  ["type", new Map([["author", only("author")]])],
  [
    "id",
    new Map([
      ["actor", only("user")],
      ["conversation", only("conversation")],
      ["message", only("message")],
      ["files", only("file")],
      ["principal", nothing],
    ]),
  ],
  [
    "name",
    new Map([
      ["actor", person],
      ["identity", person],
      ["model_spec", only("model")],
      ["files", { column: "file" }],
    ]),
  ],
]);

/** Reads a stored line. The event's own id is not among the fields: the store knows it. A line that is not JSON, or not UTF-8, is searched as the text that can be made of it. */
export function searchText(raw: Uint8Array, type: string): SearchText {
  const gatherer = new Gatherer();
  if (type !== "") gatherer.field("type", clean(type));
  const value = parsed(raw);
  if (typeof value === "object" && value !== null) gatherer.walk(value, "", "", 0);
  else gatherer.leaf(typeof value === "string" ? value : String(value), words);
  return gatherer.result();
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: false });

/** The line as JSON, else as text; bytes that are not UTF-8 become U+FFFD. */
export function parsed(raw: Uint8Array): unknown {
  const text = decoder.decode(raw);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Well-formed text without U+0000. */
export function clean(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", "\u2400") : whole;
}

class Gatherer {
  readonly #words: Record<WordColumn, string> = { text: "", title: "", file: "", user: "" };
  readonly #fields: (readonly [string, string])[] = [];
  #room = maxTextLength;

  walk(value: unknown, key: string, parent: string, depth: number): void {
    if (this.#room <= 0 || depth > maxDepth) return;
    if (typeof value === "string") this.leaf(value, ruleFor(key, parent));
    else if (Array.isArray(value)) for (const item of value) this.walk(item, key, parent, depth + 1);
    else if (typeof value === "object" && value !== null)
      for (const name in value) this.walk((value as Record<string, unknown>)[name], name, key, depth + 1);
  }

  leaf(value: string, rule: Rule): void {
    if (value === "" || this.#room <= 0) return;
    const text = clean(value.length > this.#room ? value.slice(0, this.#room) : value);
    this.#room -= text.length;
    if (rule.column !== undefined) {
      const before = this.#words[rule.column];
      this.#words[rule.column] = before === "" ? text : `${before}\n${text}`;
    }
    if (rule.field !== undefined) this.field(rule.field, text);
  }

  field(name: string, value: string): void {
    if (this.#fields.length >= maxFields) return;
    this.#fields.push([name, value]);
    // A person's id can carry the workspace behind two low lines; people are looked for without it.
    const at = name === "user" ? value.indexOf("__") : -1;
    if (at > 0) this.field(name, value.slice(0, at));
  }

  result(): SearchText {
    return { words: this.#words, fields: this.#fields };
  }
}

function ruleFor(key: string, parent: string): Rule {
  const rule = rulesWithin.get(key)?.get(parent) ?? rules.get(key);
  if (rule !== undefined) return rule;
  if (key === "id" || key.endsWith("_id") || key.endsWith("_ids")) return only("ref");
  return key.endsWith("_at") ? nothing : words;
}
