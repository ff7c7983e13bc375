// ArcSight's Common Event Format, version 0: a header of seven fields, then key=value pairs with a space between them.
import type { EventView, Format } from "../model/outgoing.ts";
import { shown } from "./one-line.ts";
import { FORMAT_VERSION, LONGEST_TEXT, LONGEST_VALUE, PRODUCT, type Summary, summaryOf, VENDOR } from "./summary.ts";

const LONGEST_NAME = 512;

export const cef: Format = {
  name: "cef",
  title: "CEF",
  description: "ArcSight's Common Event Format, which most SIEMs read from syslog; long texts are cut.",
  kind: "text",
  render(view) {
    const summary = summaryOf(view);
    const header = [
      "CEF:0",
      VENDOR,
      PRODUCT,
      FORMAT_VERSION,
      inHeader(summary.eventClass, LONGEST_VALUE),
      inHeader(summary.name, LONGEST_NAME),
      String(summary.severity),
    ];
    const pairs = fieldsOf(view, summary).flatMap(([key, value, label]) => pair(key, value, label));
    return `${header.join("|")}|${pairs.join(" ")}`;
  },
};

/** Fields without a meaning of their own have a label beside them. */
type Field = readonly [key: string, value: string | undefined, label?: string];

function fieldsOf(view: EventView, summary: Summary): readonly Field[] {
  const { facts, ip, key, wholeText } = summary;
  return [
    ["rt", String(summary.at.getTime())],
    ["externalId", key],
    ["cat", view.stored.type],
    ["act", facts.action],
    ["outcome", summary.outcome],
    ["reason", summary.reason],
    ["suser", summary.user],
    ["suid", summary.userId],
    ["spriv", facts.privilege],
    ["src", ip?.family === 4 ? ip.address : undefined],
    ["c6a2", ip?.family === 6 ? ip.address : undefined, "Source IPv6 Address"],
    ["requestClientApplication", facts.client.userAgent ?? facts.client.program],
    ["duser", summary.targets],
    ["duid", summary.targetIds],
    ["fname", summary.fileNames],
    ["fileId", summary.fileIds],
    ["destinationServiceName", facts.app.name ?? facts.app.id],
    ["msg", facts.text],
    ["cn1", wholeText?.toString(), "Length of the whole text"],
    ["cs1", facts.conversation.id, "Conversation ID"],
    ["cs2", facts.conversation.title, "Conversation title"],
    ["cs3", facts.model, "Model"],
    ["cs4", summary.gptOrAgent, "GPT or agent"],
    ["cs5", summary.tools, "Tools"],
    ["cs6", view.stored.siteName, "Site"],
    ["flexString1", view.collector, "Collector"],
    ["flexString2", facts.sessionId, "Session"],
    ["deviceExternalId", facts.principalId],
    ["deviceFacility", view.stored.dataSource],
    ["dtz", view.stored.timezone],
  ];
}

function pair(key: string, value: string | undefined, label: string | undefined): readonly string[] {
  const text = shown(value ?? "", key === "msg" ? LONGEST_TEXT : LONGEST_VALUE);
  if (text === "") return [];
  return [`${key}=${inExtension(text)}`, ...(label === undefined ? [] : [`${key}Label=${label}`])];
}

const inHeader = (text: string, longest: number) =>
  shown(text, longest)
    .replace(/[\r\n]+/g, " ")
    .replace(/[\\|]/g, "\\$&");

const inExtension = (text: string) => text.replace(/[\\=]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
