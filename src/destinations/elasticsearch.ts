// Elasticsearch and OpenSearch: bulk requests that only ever create, under the key of the event. What is there already is a conflict, and a
// conflict is what a repeat should find.
import { defineDestination } from "../model/destination.ts";
import { checkElastic } from "./parts/elastic-check.ts";
import { elasticCluster } from "./parts/elastic-cluster.ts";
import { ElasticSettings } from "./parts/elastic-settings.ts";

export const elasticsearch = defineDestination<ElasticSettings>({
  name: "elasticsearch",
  title: "Elasticsearch or OpenSearch",
  description: "Writes each event as a document to a data stream of Elasticsearch or OpenSearch.",
  group: "siem",
  settings: ElasticSettings,
  address: ["url"],
  formats: ["ecs", "raw", "ocsf", "ocsf-1.9"],
  guarantee: "idempotent",
  guaranteeNote:
    "A repeat changes nothing, because the key of the event is the id of its document; only across a rollover of the data stream can a repeat become a second document, with the same key in it.",
  limits: { events: 1_000, bytes: 5_000_000 },
  maxAgeMs: 2_000,
  concurrency: 2,
  open(context) {
    const cluster = elasticCluster(context);
    return {
      send: ({ events }, signal) => cluster.bulk(events, signal),
      check: (test, signal) => checkElastic(test, cluster, context, signal),
      close: async () => undefined,
    };
  },
});
