// A report as a page to be printed: HTML with its style in it, no script, nothing from elsewhere, every text escaped.
import { createHash } from "node:crypto";
import { type CoverageState, coverageStates } from "../model/coverage.ts";
import type { ReportDocument, ReportedCorrection, SourceStatement } from "./document.ts";

/** What each state is called where people read it. */
export const stateWords: Readonly<Record<CoverageState, string>> = {
  lost: "lost for good",
  missing: "missing",
  pending: "pending",
  not_scanned: "not looked at yet",
  late_possible: "late files possible",
  not_asked: "not asked for",
  collected: "collected",
  empty: "empty",
};

/** The page. It says what the signed document says and is itself not signed. */
export function pageOf(report: ReportDocument): string {
  const { collector, interval, signing } = report;
  const title = `Completeness of ${collector.name}, ${interval.from} to ${interval.to}`;
  const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Completeness report</h1>
<dl>
${pair("Collector", `${collector.name} (${collector.id}, ${collector.connector})`)}
${pair("Interval", `after ${interval.from}, up to and with ${interval.to} (${number(interval.minutes)} minutes)`)}
${pair("Report", report.id)}
${pair("Issued", `${report.issued_at} by ${report.issued_by}, ${report.product}`)}
${pair("Signing key", `Ed25519 ${signing.fingerprint}`)}
${pair("Signature", report.signature)}
</dl>
<p>This page shows what the signed document says. Only the document can be verified: <code>cistern verify report.json</code>.</p>
${corrections(report.corrections)}
${report.data_sources.map(sourceSection).join("\n")}
</body>
</html>
`;
}

function sourceSection(source: SourceStatement): string {
  const { name, upstream_type, complete, complete_through, gaps, holes, rehash, counts } = source;
  const claim = complete_through === null ? "nothing is claimed yet" : complete_through;
  return `<section>
<h2>${gauge(source)}${escaped(name)} <small>${escaped(upstream_type)}</small></h2>
<p class="${complete ? "good" : "bad"}"><strong>${complete ? "Complete." : "Not complete."}</strong> ${escaped(sentenceOf(source))}</p>
<dl>
${pair("Principal", source.principal ?? "–")}
${pair("Complete through", claim)}
${pair("Scanned to", source.scanned_to ?? "–")}
${pair("Asked for since", source.asked_from ?? "–")}
${pair("Allowance for late files", `${number(source.allowance_seconds)} s`)}
${pair("Last deep scan", source.last_deep_scan ?? "–")}
${pair("Claim moved back", `${number(source.claim_moved_back)} times`)}
${pair("Events hashed again", `${number(rehash.events)} of ${number(counts.held)} held; ${number(rehash.mismatched.length)} with other bytes than stored`)}
</dl>
${table("Minutes", ["state", "minutes"], minuteRows(source))}
${table("Counts", ["what", "number"], countRows(source))}
${gaps.length === 0 ? "" : table("Gaps", ["from", "to", "why", "recorded", "acknowledged"], gapRows(source))}
${holes.length === 0 ? "" : table("Holes", ["file", "ends", "state", "attempts", "error"], holeRows(source))}
${filesTable(source)}
</section>`;
}

/** The vessel of the console: filled as far as the time is complete, hatched where files wait, a line where something is lost. */
function gauge({ minutes }: SourceStatement): string {
  const total = coverageStates.reduce((sum, state) => sum + minutes[state], 0);
  const share = (minutes.collected + minutes.empty) / total;
  const level = 15 * share;
  const open = minutes.pending + minutes.missing > 0;
  const percent = share < 1 ? Math.min(99, Math.floor(share * 100)) : 100;
  return `<svg viewBox="0 0 14 20" role="img" aria-label="${percent} % complete"><title>${percent} % complete</title>${
    open ? `<path d="M3 5l8 8M3 9l6 6M5 3l6 6" stroke="#1d6fb8" fill="none"/>` : ""
  }<rect x="2.5" y="${(17.25 - level).toFixed(2)}" width="9" height="${level.toFixed(2)}" fill="#0b6e75"/>${
    minutes.lost > 0 ? `<path d="M.5 11h13" stroke="#c0312b"/>` : ""
  }<path d="M1.25 1.5v17.25h11.5V1.5" fill="none" stroke="#12201f" stroke-width="1.5"/></svg>`;
}

/** One sentence that says how a data source stands. */
export function sentenceOf({ minutes, rehash, counts }: SourceStatement): string {
  const open = coverageStates.filter((state) => state !== "collected" && state !== "empty" && minutes[state] > 0);
  const parts = open.map((state) => `${number(minutes[state])} minutes ${stateWords[state]}`);
  if (rehash.mismatched.length > 0)
    parts.push(`${number(rehash.mismatched.length)} events with other bytes than stored`);
  if (rehash.events !== counts.held)
    parts.push(`${number(rehash.events)} events found where the ledger says ${number(counts.held)}`);
  return parts.length === 0 ? "Every minute is collected or proven empty." : `${parts.join(", ")}.`;
}

function filesTable({ files }: SourceStatement): string {
  if (files.length === 0) return "<p>No file ends in this interval.</p>";
  const heads = [
    "file",
    "ends",
    "state",
    "lines",
    "inserted",
    "duplicates",
    "conflicts",
    "quarantined",
    "erased",
    "held",
    "sha256",
  ];
  const rows = files.map(({ id, end_time, state, listed_sha256, done }) => {
    const counts = done && [
      done.lines,
      done.inserted,
      done.duplicates,
      done.conflicts,
      done.quarantined,
      done.tombstoned,
      done.held,
    ];
    return [id, end_time, state, ...(counts ?? Array(7).fill("–")), done?.sha256 ?? listed_sha256 ?? "–"].map(cell);
  });
  return table(`Files (${number(files.length)})`, heads, rows, "wide");
}

const minuteRows = ({ minutes }: SourceStatement) =>
  coverageStates.filter((state) => minutes[state] > 0).map((state) => [stateWords[state], number(minutes[state])]);

const countRows = ({ counts }: SourceStatement) =>
  Object.entries(counts).map(([name, count]) => [name.replaceAll("_", " "), number(count)]);

const gapRows = ({ gaps }: SourceStatement) =>
  gaps.map(({ from, to, reason, recorded_at, acknowledged_at }) => [
    from,
    to,
    reason.replaceAll("_", " "),
    recorded_at,
    acknowledged_at ?? "–",
  ]);

const holeRows = ({ holes }: SourceStatement) =>
  holes.map(({ file_id, end_time, state, attempts, error }) => [
    file_id,
    end_time,
    state,
    number(attempts),
    error ?? "–",
  ]);

function corrections(list: readonly ReportedCorrection[]): string {
  if (list.length === 0) return "";
  const rows = list.map((one) => [
    one.report,
    one.issued_at,
    one.data_source,
    one.contradicted ? "yes" : "no",
    `${one.files_added.length} added, ${one.files_changed.length} changed`,
    `${one.gaps_added.length} added, ${one.gaps_closed.length} closed`,
  ]);
  return table(
    "Earlier reports that this one corrects",
    ["report", "issued", "data source", "had claimed it complete", "files", "gaps"],
    rows,
  );
}

const cell = (value: string | number) => (typeof value === "number" ? number(value) : value);

function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  kind: "" | "wide" = "",
): string {
  const line = (tag: "th" | "td", cells: readonly string[]) =>
    `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("")}</tr>`;
  return `<table class="${kind}"><caption>${escaped(caption)}</caption>
<thead>${line("th", heads)}</thead>
<tbody>
${rows.map((row) => line("td", row)).join("\n")}
</tbody></table>`;
}

const pair = (term: string, text: string) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`;

const number = (value: number) => value.toLocaleString("en-GB");

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Also for attributes in double quotes. What is not seen, or turns the direction of text, is shown as a box. */
const escaped = (text: string) =>
  text.replaceAll(/[&<>"']/g, (mark) => entities[mark]!).replaceAll(/[\p{Cc}\p{Cf}]/gu, "\u25a1");

const STYLE = `
:root{color-scheme:light;--line:#dfe5e6;--quiet:#55646a}
body{font:14px/1.45 -apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;color:#12201f;background:#fff;max-width:1100px;margin:32px auto;padding:0 24px}
h1{font-size:24px}h2{font-size:18px;margin-top:32px;border-top:1px solid var(--line);padding-top:16px}small{color:var(--quiet);font-weight:400}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;margin:16px 0;width:100%;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding:4px 0}
th,td{text-align:left;padding:4px 8px;border-bottom:1px solid var(--line);overflow-wrap:anywhere;vertical-align:top}th{color:var(--quiet);font-weight:500;white-space:nowrap}.wide{font-size:12px}.wide td{overflow-wrap:normal}.wide td:first-child,.wide td:last-child{overflow-wrap:anywhere;font-family:ui-monospace,monospace;font-size:11px}
svg{width:21px;height:30px;vertical-align:-8px;margin-right:8px}
.good strong{color:#1a7f4b}.bad strong{color:#c0312b}
@media print{body{margin:0;max-width:none;font-size:10px}h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}}
`;
