import { collectDefaultMetrics, Registry } from "prom-client";

/** Memory, processor time and event loop of this process, in Prometheus' text format. */
export function processMetrics(): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "cistern_" });
  return () => registry.metrics();
}
