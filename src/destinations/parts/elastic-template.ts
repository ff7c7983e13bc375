// The index template that the connection test can install. Texts become keywords by themselves; what is listed is everything else.

/** Elasticsearch knows types that OpenSearch does not, or not in every version. */
export type Flavour = "elasticsearch" | "opensearch";

const keyword = { type: "keyword", ignore_above: 1_024 };
/** Kept, and given back, but not searched: whole upstream objects would be a field for every word in them. */
const kept = { type: "keyword", index: false, doc_values: false };
const untouched = { type: "object", enabled: false };

const object = (properties: object) => ({ properties });

/** For exactly this data stream. It outranks the templates that come with the product, and no more. */
export function indexTemplate(stream: string, flavour: Flavour): object {
  return {
    index_patterns: [stream],
    data_stream: {},
    priority: 300,
    template: { mappings: mappingsFor(flavour) },
    _meta: { managed_by: "cistern", description: "Events of OpenAI workspaces" },
  };
}

export const templateName = (stream: string): string => `cistern-${stream}`;

function mappingsFor(flavour: Flavour) {
  const text = { type: flavour === "elasticsearch" ? "match_only_text" : "text" };
  return {
    // A text that looks like a date today need not do so tomorrow.
    date_detection: false,
    dynamic_templates: [{ texts_as_keywords: { match_mapping_type: "string", mapping: keyword } }],
    properties: {
      "@timestamp": { type: "date" },
      message: text,
      ...ecsProperties(text),
      openai: object({
        compliance: object({
          conversation: object({ is_temporary: { type: "boolean" } }),
          rest: kept,
          raw_base64: kept,
        }),
      }),
      // Of our own envelope, and of OCSF.
      ingested_at: { type: "date" },
      raw: untouched,
      raw_base64: kept,
      raw_data: kept,
      unmapped: untouched,
    },
  };
}

const ecsProperties = (text: object) => ({
  event: object({ created: { type: "date" }, original: kept, sequence: { type: "long" } }),
  error: object({ message: text }),
  gen_ai: object({
    usage: object({ input_tokens: { type: "integer" }, output_tokens: { type: "integer" } }),
  }),
  related: object({ ip: { type: "ip" } }),
  source: object({ ip: { type: "ip" }, geo: object({ location: { type: "geo_point" } }) }),
});
