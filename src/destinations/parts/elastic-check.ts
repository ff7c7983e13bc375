import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../../model/check.ts";
import type { SenderContext, Sent } from "../../model/destination.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import type { ElasticCluster, Identity } from "./elastic-cluster.ts";
import type { ElasticSettings } from "./elastic-settings.ts";

const PRIVILEGES = "Privileges";
const TEMPLATE = "Install the index template";
const DELIVER = "Deliver a test event";

/** Asks who answers and what we may do there, installs the template where that is wished for, then delivers the test event. */
export async function* checkElastic(
  test: OutgoingEvent,
  cluster: ElasticCluster,
  { settings, now }: Pick<SenderContext<ElasticSettings>, "settings" | "now">,
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const identity = yield* runStep<Identity>("connect", "Reach the cluster", now, async () =>
    identityOutcome(await cluster.identity(signal), cluster.host),
  );
  const allowed = identity
    ? yield* checkPrivileges(identity, cluster, { settings, now }, signal)
    : yield skippedStep("sign-in", PRIVILEGES, "The cluster was not reached");
  const ready =
    allowed && settings.install_template ? yield* installTemplate(identity!, cluster, now, signal) : allowed;
  if (!ready) return yield skippedStep("deliver", DELIVER, "A step before it failed");
  yield* runStep("deliver", DELIVER, now, async () =>
    deliveryOutcome(await cluster.bulk([test], signal), settings.data_stream),
  );
}

function identityOutcome(identity: Identity, host: string): StepOutcome<Identity> {
  const product = identity.flavour === "opensearch" ? "OpenSearch" : "Elasticsearch";
  const detail = identity.version
    ? `${host} is ${product} ${identity.version}`
    : `${host} answers, but does not tell us its version, which only the privilege monitor would allow`;
  return { state: "ok", detail, value: identity };
}

async function* checkPrivileges(
  { flavour }: Identity,
  cluster: ElasticCluster,
  { settings, now }: Pick<SenderContext<ElasticSettings>, "settings" | "now">,
  signal: AbortSignal,
): AsyncGenerator<CheckStep, boolean | undefined> {
  if (flavour === "opensearch") {
    yield skippedStep("sign-in", PRIVILEGES, "OpenSearch cannot be asked what we may do; the delivery shows it");
    return true;
  }
  const onCluster = settings.install_template ? ["manage_index_templates"] : [];
  return yield* runStep<boolean>("sign-in", PRIVILEGES, now, async () =>
    privilegesOutcome(await cluster.missing(onCluster, ["create_doc", "auto_configure"], signal), settings.data_stream),
  );
}

function privilegesOutcome(missing: readonly string[] | undefined, stream: string): StepOutcome<boolean> {
  if (missing === undefined)
    return { state: "warning", detail: "The cluster has no security", remedy: "Switch its security on", value: true };
  if (missing.length === 0) return { state: "ok", detail: `We may write to ${stream}`, value: true };
  const detail = `Missing on ${stream}: ${missing.join(", ")}`;
  const remedy = `Give the key or user ${missing.join(" and ")}`;
  // Without it only the making of a stream is refused, and the stream may be there.
  if (missing.join() === "auto_configure") return { state: "warning", detail, remedy, value: true };
  return { state: "failed", detail, remedy, reason: "privilege_missing" };
}

const installTemplate = (identity: Identity, cluster: ElasticCluster, now: () => Date, signal: AbortSignal) =>
  runStep<boolean>("template", TEMPLATE, now, async () => {
    const name = await cluster.installTemplate(identity.flavour, signal);
    return { state: "ok", detail: `${name} is installed`, value: true };
  });

function deliveryOutcome({ refused = [], warning }: Sent, stream: string): StepOutcome<undefined> {
  const [refusal] = refused;
  if (refusal)
    return {
      state: "failed",
      detail: `The event was refused: ${refusal.answer}`,
      remedy: "Look at the mapping of the data stream, or install our index template before its first event",
      reason: refusal.reason,
    };
  if (warning !== undefined)
    return {
      state: "warning",
      detail: warning,
      remedy: "Look at the failure store, and at the mapping of the data stream",
    };
  return { state: "ok", detail: `The event is in ${stream}` };
}
