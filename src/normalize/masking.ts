// Takes out of an upstream line what a destination must not see.
import { createHmac } from "node:crypto";
import type { Masking } from "../model/shaping.ts";
import { type Edit, editJson } from "./json-edit.ts";

/** Names under which people's words and works stand, at any depth, in every event type of the upstreams that we know. */
const CONTENT = new Set(
  [
    "content,text,value,body,prompt,prompts,response,responses,input,inputs,output,outputs,arguments,result,results,message_text",
    "title,summary,description,instructions,files,file_name,filename,attachments,citations,annotations,snippet,query,queries",
    "transcript,code,diff,patch,tool_input,tool_output,parameters,conversation_title,memory,memories,details,payload,data",
  ].flatMap((names) => names.split(",")),
);
/** Names that say who somebody is. */
const PEOPLE = new Set(
  [
    "user_email,email,email_address,email_addresses,user_id,user_name,username,display_name,full_name,first_name,last_name",
    "actor_email,actor_id,owner_email,owner_id,added_user_id,removed_user_id,deleted_user_id,invited_email,emails,phone_number",
  ].flatMap((names) => names.split(",")),
);
const MASKED = '"***"';

export type Mask = (text: string) => string | undefined;

/** How a destination's lines are masked; undefined where nothing is. `key` makes its pseudonyms: 32 bytes that only we know. */
export function maskOf(masking: Masking | undefined, key: Uint8Array): Mask | undefined {
  const { metadata_only: bare = false, pseudonyms = false, drop = [], mask = [] } = masking ?? {};
  if (!bare && !pseudonyms && drop.length === 0 && mask.length === 0) return undefined;
  const dropped = drop.map(pathMatcher);
  const masked = mask.map(pathMatcher);
  const decide = (path: readonly string[], value: () => string): Edit => {
    const name = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
    if (dropped.some((matches) => matches(path))) return "drop";
    if (bare && CONTENT.has(name) && path.length > 0) return "drop";
    if (masked.some((matches) => matches(path))) return { put: MASKED };
    if (pseudonyms && PEOPLE.has(name)) return pseudonymOf(value(), key);
    return "keep";
  };
  return (text) => editJson(text, decide);
}

/** Texts and numbers become pseudonyms; lists are gone through; null says nothing of anybody. */
function pseudonymOf(value: string, key: Uint8Array): Edit {
  if (/^[[{]/.test(value) || value === "null") return "keep";
  const person = value.startsWith('"') ? (JSON.parse(value) as string) : value;
  return { put: JSON.stringify(pseudonym(person, key)) };
}

/** `p_` and 20 hex digits: the same for the same person, whatever the case it is written in. */
export const pseudonym = (person: string, key: Uint8Array): string =>
  `p_${createHmac("sha256", key).update(person.normalize("NFC").trim().toLowerCase()).digest("hex").slice(0, 20)}`;

/** Whether a path is the one that is named; `*` stands for any name or place. */
export function pathMatcher(named: string): (path: readonly string[]) => boolean {
  const parts = named.split(".");
  return (path) => path.length === parts.length && parts.every((part, place) => part === "*" || part === path[place]);
}
