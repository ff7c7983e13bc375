import { expect, test } from "vitest";
import type { CollectorDetail, Connector, Draft } from "../api-types.ts";
import {
  changeRequest,
  draftSecrets,
  draftValues,
  emptyForm,
  formFromCollector,
  formFromDraft,
  installRequest,
  validate,
} from "./collector-form.ts";

const connector: Connector = {
  name: "acme",
  title: "Acme",
  vendor: "Acme",
  description: "",
  hasGuide: true,
  fields: [
    { name: "token", label: "Token", kind: "secret", required: true, advanced: false, fixed: false, lines: false },
    {
      name: "workspace_id",
      label: "Workspace ID",
      kind: "text",
      required: true,
      advanced: false,
      fixed: false,
      lines: false,
    },
    { name: "pages", label: "Pages", kind: "number", required: false, advanced: true, fixed: false, lines: false },
    {
      name: "base_url",
      label: "Base URL",
      kind: "url",
      required: false,
      advanced: true,
      fixed: false,
      lines: false,
      default: "https://acme.example/v1",
    },
  ],
  dataSources: [
    { name: "conversations", title: "Conversations", description: "", upstreamType: "MESSAGE" },
    { name: "audit-log", title: "Audit log", description: "", upstreamType: "AUDIT_LOG" },
  ],
  guide: {
    title: "",
    audience: "",
    steps: [
      {
        id: "key",
        title: "",
        instructions: [],
        notes: [],
        kind: "form",
        fields: [
          { name: "secret_key", label: "", kind: "secret", fills: "token" },
          { name: "workspace", label: "", kind: "text", fills: "workspace_id" },
        ],
      },
    ],
  },
};
const filled = {
  ...emptyForm(connector),
  name: " prod ",
  settings: { workspace_id: "w-1", pages: "3", base_url: "https://acme.example/v1" },
  secrets: { token: "sk-secret" },
};
const aDraft = (draft: Partial<Draft>): Draft => ({
  id: "d1",
  connector: "acme",
  values: {},
  secrets: [],
  updatedAt: "",
  updatedBy: "",
  ...draft,
});

test("a fresh form has the connector's defaults and its first data source", () => {
  const form = emptyForm(connector);

  expect(form.dataSources).toEqual(["conversations"]);
  expect(form.settings).toEqual({ workspace_id: "", pages: "", base_url: "https://acme.example/v1" });
});

test("the install request carries numbers as numbers and leaves out what is empty", () => {
  const request = installRequest(connector, { ...filled, retentionDays: "90", requestsPerMinute: " 45 " }, "d1");

  expect(request).toEqual({
    connector: "acme",
    name: "prod",
    dataSources: ["conversations"],
    pollInterval: "60s",
    overlap: "24h",
    requestsPerMinute: 45,
    retentionDays: 90,
    settings: { token: "sk-secret", workspace_id: "w-1", pages: 3, base_url: "https://acme.example/v1" },
    draftId: "d1",
  });
});

test("a change clears what was emptied and keeps a secret that was not typed", () => {
  const request = changeRequest(connector, { ...filled, secrets: {} });

  expect(request).toMatchObject({
    siteId: null,
    timezone: null,
    start: null,
    retentionDays: null,
    requestsPerMinute: "auto",
  });
  expect(request.settings).not.toHaveProperty("token");
});

test("what a draft keeps holds no secret", () => {
  expect(JSON.stringify(draftValues(filled))).not.toContain("sk-secret");
});

test("a draft comes back as it was left", () => {
  expect(formFromDraft(connector, aDraft({ values: draftValues(filled) }))).toEqual({ ...filled, secrets: {} });
});

test("what the wizard found fills in the settings, unless the form has its own value", () => {
  const wizard = { workspace: "from-wizard" };
  const untouched = formFromDraft(connector, aDraft({ values: { ...wizard, settings: { workspace_id: "" } } }));
  const own = formFromDraft(connector, aDraft({ values: { ...wizard, settings: { workspace_id: "typed" } } }));

  expect([untouched.settings.workspace_id, own.settings.workspace_id]).toEqual(["from-wizard", "typed"]);
});

test("a secret of the wizard counts for the setting that it fills, once", () => {
  const secret = (name: string, last4: string) => ({ name, last4, setAt: "" });

  expect(draftSecrets(connector, aDraft({ secrets: [secret("secret_key", "1111")] }))).toEqual([
    secret("token", "1111"),
  ]);
  expect(draftSecrets(connector, aDraft({ secrets: [secret("secret_key", "1111"), secret("token", "2222")] }))).toEqual(
    [secret("token", "2222")],
  );
});

test("an installed collector's form shows added event types by their upstream name", () => {
  const collector = {
    name: "prod",
    settings: { workspace_id: "w-1" },
    site: { id: "site_1", name: "hq" },
    requestsPerMinute: 45,
    pollInterval: "5m",
    overlap: "24h",
    sources: [
      { name: "audit-log", upstreamType: "AUDIT_LOG" },
      { name: "new-type", upstreamType: "NEW_TYPE" },
    ],
  } as unknown as CollectorDetail;

  expect(formFromCollector(connector, collector)).toMatchObject({
    dataSources: ["audit-log", "NEW_TYPE"],
    siteId: "site_1",
    requestsPerMinute: "45",
    pollInterval: "5m",
    retentionDays: "",
  });
});

test("what is missing or malformed is named field by field", () => {
  const errors = validate(
    connector,
    {
      ...emptyForm(connector),
      settings: { workspace_id: " ", pages: "x", base_url: "nowhere" },
      dataSources: [],
      pollInterval: "soon",
      overlap: "",
      requestsPerMinute: "-1",
      retentionDays: "1.5",
    },
    [],
  );

  expect(Object.keys(errors).sort()).toEqual(
    [
      "base_url",
      "dataSources",
      "name",
      "overlap",
      "pages",
      "pollInterval",
      "requestsPerMinute",
      "retentionDays",
      "token",
      "workspace_id",
    ].sort(),
  );
});

test("a secret that the server has already is not asked for again", () => {
  expect(validate(connector, { ...filled, secrets: {} }, ["token"])).toEqual({});
});
