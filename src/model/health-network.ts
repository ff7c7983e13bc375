// Whose fault a failed call is: ours (this machine, its proxy, its network) or theirs.
import type { HealthInput } from "./health-input.ts";
import type { DataSourceState, RecordedError } from "./store.ts";
import { instantUs } from "./time.ts";

/** These name something on this side of the line. */
const OURS: ReadonlySet<string> = new Set([
  "dns_failed",
  "unreachable",
  "proxy_refused",
  "certificate_untrusted",
  "certificate_expired",
  "html_answer",
]);
/** These say that upstream's machine was reached. */
const THEIRS: ReadonlySet<string> = new Set([
  "connection_refused",
  "connection_reset",
  "answer_timeout",
  "too_slow",
  "tls_failed",
  "certificate_name",
  "signed_address_refused",
  "unexpected_encoding",
]);

export interface NetworkVerdict {
  readonly cause: "network_ours" | "network_theirs" | "upstream_failing";
  /** What speaks for it. */
  readonly because: string;
}

/**
 * An answer with a status is upstream's own. Otherwise a call of another data source that has gone well since then shows that the
 * line is good; where there is none, the kind of failure tells.
 */
export function networkVerdict(error: RecordedError, { peers = [], others = [] }: HealthInput): NetworkVerdict {
  const { status, reason } = error;
  if (status !== undefined && status >= 500 && reason !== "html_answer")
    return { cause: "upstream_failing", because: `Upstream was reached and answered ${status}` };
  const well = peers.find((peer) => hasGoneWellSince(peer, error));
  if (well) return theirs(`${well.key.dataSource} has been read with the same key since then: the line is good`);
  if (reason !== undefined && THEIRS.has(reason))
    return theirs("The connection leaves this machine and fails at the other end");
  const elsewhere = others.find((other) => hasGoneWellSince(other, error));
  if (elsewhere && !(reason !== undefined && OURS.has(reason)))
    return theirs("Another collector has reached its upstream since then: this machine is on the network");
  if (reason !== undefined && OURS.has(reason))
    return ours("The failure is on this side: name look-up, route, proxy or trust");
  return ours("Nothing has been reached since then, by any data source");
}

const theirs = (because: string): NetworkVerdict => ({ cause: "network_theirs", because });
const ours = (because: string): NetworkVerdict => ({ cause: "network_ours", because });

const hasGoneWellSince = ({ lastSuccessAt, error }: DataSourceState, { since }: RecordedError) =>
  error === undefined && (instantUs(lastSuccessAt ?? "") ?? 0) > (instantUs(since) ?? 0);
