// What has to be done on OpenAI's side before the collector can be installed, as the screens there name it.
import type { GuideField, GuideNote, GuideStep } from "../../model/guide.ts";

const readOnly: GuideNote = {
  tone: "warn",
  title: "Read is enough",
  text: "A collector only reads. OpenAI's older guide says All, and Read and Delete; a key with either can destroy the data that it should preserve.",
};

const onlyPlatform = { field: "way", value: "platform" } as const;
const onlyAdminConsole = { field: "way", value: "admin-console" } as const;

const way: GuideStep = {
  id: "way",
  kind: "form",
  title: "Choose the way to a key",
  instructions: [
    "In ChatGPT open the **Admin Console** and look for **Credentials**, then **Admin keys**.",
    "If it is there, take the first way: no message to OpenAI is needed. If it is not, take the second one.",
  ],
  fields: [
    {
      name: "way",
      label: "Way",
      kind: "choice",
      choices: [
        {
          value: "admin-console",
          label: "Admin key of the workspace",
          help: "Made in ChatGPT's own Admin Console, works at once. One key is for one workspace.",
        },
        {
          value: "platform",
          label: "Admin key of the OpenAI Platform, enabled by OpenAI support",
          help: "The older way: a key, a message to OpenAI support, and a wait for the answer.",
        },
      ],
    },
  ],
  notes: [
    {
      tone: "info",
      title: "Which way applies",
      text: "It depends on the workspace, and the connection test tells: a key of the wrong kind is refused, and the test says so.",
    },
  ],
};

const workspace: GuideStep = {
  id: "workspace",
  kind: "form",
  title: "ChatGPT Enterprise: workspace details",
  instructions: [
    "Open the ChatGPT Enterprise workspace.",
    "Click the user icon in the lower left corner and choose **Workspace settings**. The **General** page opens.",
    "Under **Workspace details** copy the **Organization ID** and the **Workspace ID** into the fields below.",
  ],
  fields: [
    {
      name: "chatgpt_organization_id",
      label: "Organization ID in ChatGPT",
      kind: "text",
      placeholder: "org-…",
      help: "For comparison with the OpenAI Platform, and for data sources of the organization such as costs.",
      fills: "organization_id",
    },
    {
      name: "workspace_id",
      label: "Workspace ID",
      kind: "text",
      placeholder: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa",
      fills: "workspace_id",
    },
  ],
  notes: [],
};

const organization: GuideStep = {
  id: "organization",
  kind: "form",
  title: "OpenAI Platform: organization",
  onlyIf: onlyPlatform,
  instructions: [
    "Open the OpenAI Platform and sign in, with **Continue with Google** or in your own way.",
    "On the left choose **Settings**, then **General**. Make sure that you are in the organization's workspace and not in your personal one.",
    "Copy the **Organization ID** into the field below. It must be the same as in ChatGPT.",
  ],
  fields: [
    {
      name: "platform_organization_id",
      label: "Organization ID in the OpenAI Platform",
      kind: "text",
      placeholder: "org-…",
    },
  ],
  notes: [],
};

const keyName: GuideField = { name: "key_name", label: "Key name", kind: "text", placeholder: "cistern-collector" };
const createdBy: GuideField = {
  name: "created_by",
  label: "Created by",
  kind: "text",
  help: "The name or address that the list of keys shows.",
};
const secretKey: GuideField = {
  name: "secret_key",
  label: "Secret key",
  kind: "secret",
  help: "Shown once when the key is created. From now on only its last four characters are shown here.",
  fills: "token",
};

const adminConsoleKey: GuideStep = {
  id: "admin-console-key",
  kind: "form",
  title: "Admin Console: Admin key",
  onlyIf: onlyAdminConsole,
  instructions: [
    "In ChatGPT open the **Admin Console**, then **Credentials**, then **Admin keys**, and create a new key.",
    "Enter a **name**. As permissions choose **Custom** with the read scope of the compliance logs, **chatgpt.enterprise.compliance_logs_platform.read**, or **Read only**.",
    "Set an **expiry** if your rules ask for one, and note it: the collector stops when the key expires.",
    "Copy and keep the **key name**, the **secret key** and **created by**.",
  ],
  fields: [
    keyName,
    secretKey,
    createdBy,
    {
      name: "key_permissions",
      label: "Permissions of the key",
      kind: "choice",
      choices: [
        { value: "custom", label: "Custom, read scopes of the compliance logs (recommended)" },
        { value: "read-only", label: "Read only" },
        { value: "all", label: "All" },
      ],
    },
  ],
  notes: [
    readOnly,
    {
      tone: "info",
      title: "One log at a time",
      text: "Instead of the scope for every log, a key can hold one per event type, such as chatgpt.enterprise.compliance_logs_platform.audit_log.read. Data sources without their scope are refused, the others go on.",
    },
  ],
};

const platformKey: GuideStep = {
  id: "platform-key",
  kind: "form",
  title: "OpenAI Platform: Admin key",
  onlyIf: onlyPlatform,
  instructions: [
    "On the left choose **Admin keys**, then **Create new admin key**. A dialog opens.",
    "Enter a **Name** and choose the **Permissions**: read permissions where they are offered; OpenAI's older guide says **All**. Then click **Create admin key**.",
    "Copy and keep the **Key name**, the **Secret key** and **Created by**.",
  ],
  fields: [
    keyName,
    secretKey,
    createdBy,
    {
      name: "key_permissions",
      label: "Permissions of the key",
      kind: "choice",
      choices: [
        { value: "read-only", label: "Read permissions (recommended)" },
        { value: "all", label: "All, as OpenAI's guide says" },
      ],
    },
  ],
  notes: [readOnly],
};

const request: GuideStep = {
  id: "request",
  kind: "mail",
  title: "Ask OpenAI support to enable access",
  onlyIf: onlyPlatform,
  instructions: [
    "Choose the scope to ask for.",
    "Copy the message below, or open it in your mail program, and send it to OpenAI support.",
    "Note here on which day it was sent.",
  ],
  fields: [
    {
      name: "requested_scope",
      label: "Requested scope",
      kind: "choice",
      choices: [
        { value: "read", label: "Read (recommended)", help: "All that a collector needs." },
        {
          value: "read-delete",
          label: "Read and Delete",
          help: "As in OpenAI's guide; lets the key delete conversations.",
        },
      ],
    },
    {
      name: "support_address",
      label: "Address of OpenAI support",
      kind: "text",
      placeholder: "support@openai.com",
      help: "The commonly known address; change it where your contract names another one.",
    },
  ],
  notes: [
    readOnly,
    {
      tone: "info",
      title: "Only four characters of the key",
      text: "The message names the last four characters of the key. Never send more of it, whoever asks.",
    },
  ],
};

const approval: GuideStep = {
  id: "approval",
  kind: "wait",
  title: "Wait for approval, then test",
  onlyIf: onlyPlatform,
  instructions: [
    "When OpenAI support has answered, note the day.",
    "Go on to the collector's form, which is filled in from these steps, and test the connection. It turns green only when access is really there.",
  ],
  fields: [],
  notes: [
    {
      tone: "info",
      title: "Granting narrows the key",
      text: "Once the Compliance API is enabled for a key, the key loses its other scopes: keep it for this collector alone.",
    },
  ],
};

/** In the order in which they are taken. */
export const guideSteps: readonly GuideStep[] = [
  way,
  workspace,
  organization,
  adminConsoleKey,
  platformKey,
  request,
  approval,
];
