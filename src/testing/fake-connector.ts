import { z } from "zod";
import { defineConnector, type FileFeed } from "../model/connector.ts";

const Settings = z.object({
  token: z.string().min(8, { error: "The token is too short" }).meta({ title: "Token", secret: true }),
  workspace: z
    .string()
    .trim()
    .regex(/^w\d+$/, { error: "A workspace is w and a number" })
    .meta({ title: "Workspace", fixed: true }),
  organization: z.string().optional().meta({ title: "Organization", fixed: true }),
  base_url: z.url().default("https://api.acme.example/v1").meta({ title: "Base URL", advanced: true }),
});
type Settings = z.infer<typeof Settings>;

const feed = (name: string, upstreamType: string): FileFeed<Settings> => ({
  kind: "files",
  name,
  title: name,
  description: `What ${upstreamType} holds.`,
  upstreamType,
  maxPageSize: 100,
  principal: ({ workspace }) => workspace,
  list: async () => ({ files: [], lastEndTime: undefined, more: false, servedAt: undefined }),
  open: async () => new ReadableStream(),
  identify: () => ({ id: undefined, time: undefined, type: upstreamType, principal: undefined }),
});

const dataSources = [feed("messages", "MESSAGE"), feed("audit-log", "AUDIT_LOG")];

/** A connector of a made-up product, with a wizard of one step. */
export const fakeConnector = defineConnector<Settings>({
  name: "acme",
  title: "Acme Chat",
  vendor: "Acme",
  description: "Conversations of an Acme workspace.",
  settings: Settings,
  dataSources,
  resolve: (name) => dataSources.find((known) => known.name === name || known.upstreamType === name),
  credential: ({ token, base_url }) => ({
    origin: new URL(base_url).origin,
    headers: { authorization: `Bearer ${token}` },
  }),
  target: ({ workspace }) => `workspace:${workspace}`,
  async *check() {},
  guide: {
    title: "Prepare Acme",
    audience: "Owners.",
    steps: [
      {
        id: "key",
        title: "Key",
        instructions: ["Make a key."],
        notes: [],
        kind: "form",
        fields: [
          { name: "acme_workspace", label: "Workspace", kind: "text", fills: "workspace" },
          { name: "secret_key", label: "Secret key", kind: "secret", fills: "token" },
        ],
      },
    ],
    evaluate: (values) => ({
      findings: [{ step: "key", tone: "ok", text: `Key ends in ${values.secret_key_last4 ?? "?"}`, blocks: false }],
      mail: undefined,
    }),
  },
});
