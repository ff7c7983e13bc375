// IBM's Log Event Extended Format, version 2: a header of six fields, then key=value pairs with a tab between them. The format has no
// escapes, so what would end a field is replaced: a tab by a space, a bar in the header by an underscore, line breaks by \n and \r.
import type { EventView, Format } from "../model/outgoing.ts";
import { shown } from "./one-line.ts";
import { FORMAT_VERSION, LONGEST_TEXT, LONGEST_VALUE, PRODUCT, type Summary, summaryOf, VENDOR } from "./summary.ts";

export const leef: Format = {
  name: "leef",
  title: "LEEF",
  description: "IBM's Log Event Extended Format 2.0, which QRadar reads from syslog; long texts are cut.",
  kind: "text",
  render(view) {
    const summary = summaryOf(view);
    const header = ["LEEF:2.0", VENDOR, PRODUCT, FORMAT_VERSION, inHeader(summary.eventClass), "x09"];
    const pairs = fieldsOf(view, summary).flatMap(([key, value]) => pair(key, value));
    return `${header.join("|")}|${pairs.join("\t")}`;
  },
};

type Field = readonly [key: string, value: string | undefined];

function fieldsOf(view: EventView, summary: Summary): readonly Field[] {
  const { facts, key } = summary;
  const { stored } = view;
  return [
    // Java's pattern has a zone of digits; every version of it reads +0000.
    ["devTime", summary.at.toISOString().replace("Z", "+0000")],
    ["devTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSZ"],
    ["cat", stored.type],
    ["sev", String(summary.severity)],
    ["usrName", summary.user],
    ["src", summary.ip?.address],
    ["role", facts.privilege],
    ["eventName", summary.name],
    ["action", facts.action],
    ["outcome", summary.outcome],
    ["reason", summary.reason],
    ["userId", summary.userId],
    ["userAgent", facts.client.userAgent ?? facts.client.program],
    ["targetUsers", summary.targets],
    ["targetUserIds", summary.targetIds],
    ["fileNames", summary.fileNames],
    ["fileIds", summary.fileIds],
    ["app", facts.app.name ?? facts.app.id],
    ["conversationId", facts.conversation.id],
    ["conversationTitle", facts.conversation.title],
    ["author", facts.message.author],
    ["model", facts.model],
    ["gptOrAgent", summary.gptOrAgent],
    ["tools", summary.tools],
    ["sessionId", facts.sessionId],
    ["workspaceId", facts.principalId],
    ["dataSource", stored.dataSource],
    ["collector", view.collector],
    ["site", stored.siteName],
    ["siteId", stored.siteId],
    ["timezone", stored.timezone],
    ["eventKey", key],
    ["msg", facts.text],
    ["wholeTextLength", summary.wholeText?.toString()],
  ];
}

function pair(key: string, value: string | undefined): readonly string[] {
  const text = shown(value ?? "", key === "msg" ? LONGEST_TEXT : LONGEST_VALUE);
  return text === "" ? [] : [`${key}=${text.replaceAll("\n", "\\n").replaceAll("\r", "\\r")}`];
}

const inHeader = (text: string) =>
  shown(text, LONGEST_VALUE)
    .replace(/[\r\n]+/g, " ")
    .replaceAll("|", "_");
