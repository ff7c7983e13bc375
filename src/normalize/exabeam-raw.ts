// Exabeam's parsers for ChatGPT look for pieces of text, such as `"type":"AUDIT_LOG"`, before they look for fields: the text has to be
// upstream's own, in its order, without white space between its tokens.
import type { EventView, Format } from "../model/outgoing.ts";
import { compactJson } from "./compact-json.ts";
import { envelopeOf } from "./envelope.ts";

export const exabeamRaw: Format = {
  name: "exabeam-raw",
  title: "Exabeam",
  description: "Upstream's own text with the site added at its end; what Exabeam's published parsers for ChatGPT read.",
  kind: "json",
  render(view) {
    if (view.text === undefined || view.data === undefined) return envelopeOf(view);
    const line = compactJson(view.text);
    const site = siteOf(view);
    if (site === "{}") return line;
    return line === "{}" ? site : `${line.slice(0, -1)},${site.slice(1)}`;
  },
};

// An upstream member of the same name stays where it is; readers of JSON take the later one.
const siteOf = ({ stored: { siteName, siteId, timezone } }: EventView) =>
  JSON.stringify({ sitename: siteName, siteid: siteId, timezone });
