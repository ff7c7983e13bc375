// The prerequisites wizard: judges what was entered so far and drafts the message to OpenAI support.
import type { Guide, GuideEvaluation, GuideFinding } from "../../model/guide.ts";
import { guideSteps } from "./guide-steps.ts";
import { organizationIdProblem, whatIs, workspaceIdProblem } from "./settings.ts";

const SUPPORT_ADDRESS = "support@openai.com";

type Values = Readonly<Record<string, string>>;

export const guide: Guide = {
  title: "Prepare ChatGPT Enterprise",
  audience:
    "Somebody with owner permissions on ChatGPT Enterprise, and for the older way on the OpenAI Platform as well",
  steps: guideSteps,
  evaluate,
};

function evaluate(values: Values): GuideEvaluation {
  const findings = [
    ...idFindings(values),
    ...platformFindings(values),
    ...keyFindings(values),
    ...requestFindings(values),
  ];
  const blocked = findings.some(({ blocks }) => blocks);
  return { findings, mail: blocked || !isPlatform(values) ? undefined : mail(values) };
}

const isPlatform = ({ way }: Values) => way === "platform";
const entered = (values: Values, name: string) => values[name]?.trim() ?? "";

function idFindings(values: Values): GuideFinding[] {
  const organization = entered(values, "chatgpt_organization_id");
  const workspace = entered(values, "workspace_id");
  if (whatIs(organization) === "workspace-id" && whatIs(workspace) === "organization-id") {
    const text = "The two IDs have changed places: the one that begins with org- is the organization ID";
    return ["chatgpt_organization_id", "workspace_id"].map((field) => bad("workspace", field, text));
  }
  const findings: GuideFinding[] = [];
  if (workspace !== "")
    findings.push(judged("workspace", "workspace_id", workspaceIdProblem(workspace), "This is a workspace ID"));
  if (organization !== "") {
    const problem = organizationIdProblem(organization);
    findings.push(judged("workspace", "chatgpt_organization_id", problem, "This is an organization ID"));
  }
  return findings;
}

/** The two organization ids must be one. */
function platformFindings(values: Values): GuideFinding[] {
  const theirs = entered(values, "platform_organization_id");
  if (!isPlatform(values) || theirs === "") return [];
  const field = "platform_organization_id";
  const problem = organizationIdProblem(theirs);
  if (problem !== undefined) return [bad("organization", field, problem)];
  const ours = entered(values, "chatgpt_organization_id");
  if (whatIs(ours) !== "organization-id") return [];
  if (ours === theirs) return [good("organization", field, "Both organization IDs are the same")];
  const text = `The organization IDs differ: ${ours} in ChatGPT, ${theirs} in the OpenAI Platform. Check that you are not in your personal workspace there; if they still differ, contact OpenAI support at ${supportAddress(values)}`;
  return [bad("organization", field, text)];
}

function keyFindings(values: Values): GuideFinding[] {
  const step = isPlatform(values) ? "platform-key" : "admin-console-key";
  const findings: GuideFinding[] = [];
  if (values.key_permissions === "all") {
    const text =
      "A key with All can delete conversations for good. Choose read permissions: the collector needs no more";
    findings.push({ step, field: "key_permissions", tone: "warn", text, blocks: false });
  }
  const last4 = entered(values, "secret_key_last4");
  if (last4.length > 4)
    findings.push(bad(step, "secret_key", "Only the last four characters of the key may be kept here"));
  for (const field of ["key_name", "created_by"]) {
    if (whatIs(entered(values, field)) === "key") {
      findings.push(
        bad(step, field, "This is a secret key; it belongs into its own field, where it is not shown again"),
      );
    }
  }
  return findings;
}

function requestFindings(values: Values): GuideFinding[] {
  if (!isPlatform(values)) return [];
  const findings: GuideFinding[] = [];
  if (values.requested_scope === "read-delete") {
    const text =
      "With Delete the key can remove conversations for good, and deleted data cannot be had again. Ask for Read";
    findings.push({ step: "request", field: "requested_scope", tone: "warn", text, blocks: false });
  }
  if (!/^[^\s@,;?&]+@[^\s@,;?&]+\.[^\s@,;?&]+$/.test(supportAddress(values))) {
    findings.push(bad("request", "support_address", "This is not an e-mail address"));
  }
  return findings;
}

/** The message, once every fact that it states is there. */
function mail(values: Values): GuideEvaluation["mail"] {
  const facts = {
    workspace: entered(values, "workspace_id"),
    organization: entered(values, "platform_organization_id"),
    last4: entered(values, "secret_key_last4"),
    name: entered(values, "key_name"),
    createdBy: entered(values, "created_by"),
  };
  if (Object.values(facts).includes("") || entered(values, "chatgpt_organization_id") === "") return undefined;
  const lines = [
    "Hello,",
    "",
    "Please enable access to the ChatGPT Enterprise Compliance API for the following API key of our organization:",
    "",
    `ChatGPT workspace ID: ${facts.workspace}`,
    `OpenAI Platform organization ID: ${facts.organization}`,
    `Last four characters of the API key: ${facts.last4}`,
    `Key name: ${oneLine(facts.name)}`,
    `Created by: ${oneLine(facts.createdBy)}`,
    `Requested scope: ${values.requested_scope === "read-delete" ? "Read and Delete" : "Read"}`,
    "",
    "Please let us know when access has been enabled.",
    "",
    "Thank you",
  ];
  const subject = "Request to enable the Compliance API for our ChatGPT Enterprise workspace";
  return { to: supportAddress(values), subject, body: lines.join("\n") };
}

const supportAddress = (values: Values) => entered(values, "support_address") || SUPPORT_ADDRESS;
const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");

const judged = (step: string, field: string, problem: string | undefined, fine: string) =>
  problem === undefined ? good(step, field, fine) : bad(step, field, problem);
const good = (step: string, field: string, text: string): GuideFinding => ({
  step,
  field,
  tone: "ok",
  text,
  blocks: false,
});
const bad = (step: string, field: string, text: string): GuideFinding => ({
  step,
  field,
  tone: "error",
  text,
  blocks: true,
});
