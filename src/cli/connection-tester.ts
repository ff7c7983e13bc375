import type { Outbound } from "../http/outbound.ts";
import type { CheckStep } from "../model/check.ts";
import type { Connector } from "../model/connector.ts";
import type { ConnectionTester } from "../model/engine.ts";

/** Tests connections over the process's one way out. Throws a RangeError for a connector that does not exist. */
export const testerOver = (
  outbound: Outbound,
  connectors: readonly Connector[],
  now: () => Date,
): ConnectionTester => ({
  async *test(name, given, dataSources, signal): AsyncIterable<CheckStep> {
    const connector = connectors.find((known) => known.name === name);
    if (!connector) throw new RangeError(`There is no connector ${name}`);
    const settings = connector.settings.parse(given);
    yield* connector.check({
      settings,
      dataSources: dataSources.flatMap((dataSource) => connector.resolve(dataSource) ?? []),
      upstream: outbound.createUpstream({
        credential: connector.credential(settings),
        lane: "fresh",
        requestsPerMinute: "auto",
      }),
      probe: (url) => outbound.probe(url, signal),
      now,
      signal,
    });
  },
});
