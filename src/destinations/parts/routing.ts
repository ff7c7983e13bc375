// Names under which a queue files an event: subjects, routing keys.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { OutgoingEvent } from "../../model/outgoing.ts";

const A_PATTERN =
  "expected words separated by dots, of letters, digits, - and _, and of {collector}, {data_source} and {type}, such as cistern.{collector}.{data_source}";
const WORD = /^(?:[A-Za-z0-9_-]|\{(?:collector|data_source|type)\})+$/;
// Together with the longest pattern within the 255 bytes of a routing key.
const LONGEST_TOKEN = 50;
const MOST_PLACEHOLDERS = 3;
const LONGEST_ID = 200;

/** A pattern that gives every event its name. */
export const pattern = z
  .string({ error: A_PATTERN })
  .max(100, { error: A_PATTERN })
  .refine((text) => text.split("{").length <= 1 + MOST_PLACEHOLDERS, { error: A_PATTERN })
  .refine((text) => text.split(".").every((word) => WORD.test(word)), { error: A_PATTERN });

/** The name that a pattern gives to an event. What comes from outside is one token in it, without a character that means anything. */
export function routed(text: string, { view }: OutgoingEvent): string {
  const values: Readonly<Record<string, string>> = {
    collector: view.collector,
    data_source: view.stored.dataSource,
    type: view.stored.type,
  };
  return text.replace(/\{(\w+)\}/g, (_, name: string) => token(values[name] ?? ""));
}

const token = (value: string): string => value.slice(0, LONGEST_TOKEN).replace(/[^A-Za-z0-9_-]/g, "_") || "_";

/** The event's key where it can stand in a header; else a hash of it, for upstream ids can be anything. */
export const messageId = ({ key }: Pick<OutgoingEvent, "key">): string =>
  /^[!-~]+$/.test(key) && key.length <= LONGEST_ID ? key : `sha256:${createHash("sha256").update(key).digest("hex")}`;

/** What a consumer can tell by without reading the body. */
export function headersOf(event: OutgoingEvent, product: string): Readonly<Record<string, string>> {
  const { connector, stored } = event.view;
  return {
    "cistern-key": messageId(event),
    "cistern-schema": `${connector}/${token(stored.type)}`,
    "cistern-version": product,
  };
}
