// The ChatGPT Enterprise workspace of an organisation, through OpenAI's Compliance Logs Platform.
//
// Every event type is a feed of immutable files that upstream keeps for 30 days. The former list of conversations was removed
// on 2026-06-05; conversations come as files of the type CONVERSATION_MESSAGE.
import { defineConnector } from "../../model/connector.ts";
import { check } from "./check.ts";
import { dataSources, isOrganizations, resolveDataSource } from "./data-sources.ts";
import { guide } from "./guide.ts";
import { Settings } from "./settings.ts";

export const chatgptEnterprise = defineConnector<Settings>({
  name: "chatgpt-enterprise",
  title: "ChatGPT Enterprise",
  vendor: "OpenAI",
  description:
    "Conversations, audit, sign-in, app, Codex and cost logs of a ChatGPT Enterprise, Edu or Healthcare workspace.",
  settings: Settings,
  dataSources,
  resolve: resolveDataSource,
  credential: ({ base_url, token }) => ({
    origin: new URL(base_url).origin,
    headers: { authorization: `Bearer ${token}` },
  }),
  target({ workspace_id, organization_id }, dataSource) {
    const feed = resolveDataSource(dataSource);
    return feed && isOrganizations(feed) ? `organization:${organization_id ?? ""}` : `workspace:${workspace_id}`;
  },
  check,
  guide,
});
