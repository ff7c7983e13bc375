import type { Outbound } from "../http/outbound.ts";
import type { CheckStep } from "../model/check.ts";
import type { Connector } from "../model/connector.ts";
import type { ConnectionTester } from "../model/engine.ts";
import { CollectorError } from "../model/errors.ts";

/** Tests connections through an outlet of its own, so that a test neither waits for a backlog nor takes from its budget. */
export function createConnectionTester(
  connectors: readonly Connector[],
  outbound: Pick<Outbound, "createUpstream" | "probe">,
  now: () => Date,
): ConnectionTester {
  return {
    async *test(name, given, dataSources, signal): AsyncIterable<CheckStep> {
      const connector = connectors.find((one) => one.name === name);
      if (!connector)
        throw new CollectorError("config_invalid", `There is no connector ${name}`, { reason: "unknown_connector" });
      const settings: unknown = connector.settings.parse(given);
      const credential = connector.credential(settings);
      yield* connector.check({
        settings,
        upstream: outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: "auto" }),
        dataSources: dataSources.flatMap((source) => connector.resolve(source) ?? []),
        probe: (url) => outbound.probe(url, signal),
        now,
        signal,
      });
    },
  };
}
