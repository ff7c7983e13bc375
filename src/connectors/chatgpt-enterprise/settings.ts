import { z } from "zod";

const DEFAULT_BASE_URL = "https://api.chatgpt.com/v1";

const WORKSPACE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ORGANIZATION_ID = /^org-[A-Za-z0-9_-]+$/;

/** What a pasted text is, as far as its form tells. */
export type Pasted = "empty" | "workspace-id" | "organization-id" | "key" | "masked-key" | "other";

export function whatIs(text: string): Pasted {
  const value = text.trim();
  if (value === "") return "empty";
  if (WORKSPACE_ID.test(value)) return "workspace-id";
  if (ORGANIZATION_ID.test(value)) return "organization-id";
  if (/^sk-.*(?:\.\.\.|…|\*\*)/.test(value)) return "masked-key";
  return /^sk-\S+$/.test(value) ? "key" : "other";
}

/** What is wrong with a value in the field for a workspace id; undefined where nothing is. */
export function workspaceIdProblem(text: string): string | undefined {
  const pasted = whatIs(text);
  if (pasted === "workspace-id") return undefined;
  if (pasted === "empty") return "The workspace ID is missing";
  if (pasted === "organization-id") {
    return "This is an organization ID (org-…); the workspace ID stands beside it under Workspace settings, General, Workspace details";
  }
  if (pasted === "key" || pasted === "masked-key") return "This is a secret key, not a workspace ID";
  return "A workspace ID is a UUID, such as 9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
}

/** What is wrong with a value in the field for an organization id; undefined where nothing is. */
export function organizationIdProblem(text: string): string | undefined {
  const pasted = whatIs(text);
  if (pasted === "organization-id" || pasted === "empty") return undefined;
  if (pasted === "workspace-id") return "This is a workspace ID; an organization ID begins with org-";
  if (pasted === "key" || pasted === "masked-key") return "This is a secret key, not an organization ID";
  return "An organization ID begins with org-";
}

function tokenProblem(text: string): string | undefined {
  const pasted = whatIs(text);
  if (pasted === "empty") return "The authorization token is missing";
  if (pasted === "masked-key")
    return "This is the shortened form of a key; the whole secret key is shown once, when it is created";
  if (pasted === "workspace-id" || pasted === "organization-id") return "This is an ID, not a secret key";
  if (/\s/.test(text.trim())) return "A secret key holds no spaces; paste it without “Bearer”";
  return /^[\x21-\x7e]+$/.test(text.trim()) ? undefined : "A secret key holds only letters, digits and dashes";
}

function baseUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return `A base URL looks like ${DEFAULT_BASE_URL}`;
  const url = new URL(text);
  const isHere = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  if (url.hostname === "api.openai.com") {
    return `The Compliance API is not at api.openai.com, which is the API Platform; its base URL is ${DEFAULT_BASE_URL}`;
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere)) {
    return "The base URL must begin with https://; http:// is taken only for this machine (127.0.0.1, ::1, localhost)";
  }
  return url.search || url.hash || url.username ? "The base URL has no query, fragment or user name" : undefined;
}

/** A check that tells its own sentence. */
const telling = (problem: (text: string) => string | undefined) => (context: z.core.ParsePayload<string>) => {
  const message = problem(context.value);
  if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
};

export const Settings = z.object({
  token: z
    .string()
    .check(telling(tokenProblem))
    .overwrite((text) => text.trim())
    .meta({
      title: "Authorization token",
      description: "The secret key of an Admin key that may read this workspace's compliance logs.",
      placeholder: "sk-admin-…",
      secret: true,
    }),
  workspace_id: z
    .string()
    .check(telling(workspaceIdProblem))
    .overwrite((text) => text.trim().toLowerCase())
    .meta({
      title: "Workspace ID",
      description: "In ChatGPT under Workspace settings, General, Workspace details.",
      placeholder: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa",
      fixed: true,
    }),
  organization_id: z
    .string()
    .check(telling(organizationIdProblem))
    .overwrite((text) => text.trim())
    .optional()
    .meta({
      title: "Organization ID",
      description: "Needed only for data sources that belong to the organization, such as costs.",
      placeholder: "org-…",
      fixed: true,
    }),
  base_url: z
    .url()
    .check(telling(baseUrlProblem))
    .overwrite((text) => text.replace(/\/+$/, ""))
    .default(DEFAULT_BASE_URL)
    .meta({
      title: "Base URL",
      description: "Where the Compliance API answers. Only a test double needs another one.",
      placeholder: DEFAULT_BASE_URL,
      advanced: true,
    }),
});

export type Settings = z.infer<typeof Settings>;

/** True where the base URL is the documented one. */
export const isUsualBaseUrl = (settings: Settings) => settings.base_url === DEFAULT_BASE_URL;
