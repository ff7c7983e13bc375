import { randomOf } from "../random.ts";
import { OFFICES, type Office } from "./offices.ts";

export const COMPANY_NAME = "Harbourlight Instruments";
export const EMAIL_DOMAIN = "harbourlight.example";

/** One member of the workspace. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly department: string;
  readonly role: "account-owner" | "account-admin" | "standard-user";
  readonly status: "active" | "inactive";
  readonly joinedAtMs: number;
  readonly office: Office;
  readonly clientIp: string;
  readonly userAgent: string;
  readonly clientType: string;
}

/** Something with a name and an id: a GPT, a project, an app, an agent, a skill, a group. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Everything that events refer to. */
export interface Company {
  readonly people: readonly Person[];
  readonly admins: readonly Person[];
  readonly gpts: readonly Named[];
  readonly projects: readonly Named[];
  readonly apps: readonly (Named & { readonly type: string; readonly tools: readonly string[] })[];
  readonly agents: readonly Named[];
  readonly skills: readonly Named[];
  readonly groups: readonly Named[];
  readonly repositories: readonly Named[];
}

const DEPARTMENTS = [
  "Engineering",
  "Sales",
  "Finance",
  "Legal",
  "People",
  "Marketing",
  "Support",
  "Operations",
  "Research",
];

const BROWSERS: readonly { readonly clientType: string; readonly userAgent: string }[] = [
  {
    clientType: "desktop_web",
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  },
  {
    clientType: "desktop_web",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  },
  {
    clientType: "macos_app",
    userAgent: "ChatGPT/1.2026.300 (Mac OS X 15.6; arm64)",
  },
  { clientType: "windows_app", userAgent: "ChatGPT/1.2026.298 (Windows 11; x64)" },
  { clientType: "ios_app", userAgent: "ChatGPT/1.2026.301 (iOS 19.1; iPhone17,3; build 24871)" },
  { clientType: "android_app", userAgent: "ChatGPT/1.2026.297 (Android 16; Pixel 10)" },
];

const GPTS = [
  "Contract Reader",
  "Release Notes Writer",
  "Travel Policy Helper",
  "Bewerbungs-Coach",
  "見積 Assistant",
  "SQL Reviewer",
];
const PROJECTS = [
  "Quarterly plan",
  "Sensor 4 launch",
  "ISO 27001 audit",
  "Migration Rechenzentrum",
  "大阪展示会",
  "Onboarding 2027",
];
const SKILLS = ["Expense summary", "Incident timeline", "Brand voice", "Tender checklist"];
const GROUPS = ["Leadership", "Finance readers", "Contractors", "Security champions"];
const AGENTS = ["Invoice Triage", "Meeting Digest", "Vendor Watch", "Ticket Router"];
const REPOSITORIES = ["harbourlight/telemetry", "harbourlight/shop", "harbourlight/firmware", "harbourlight/infra"];

/** The company that belongs to a seed. */
export function companyOf(seed: number, size: number, historyStartMs: number): Company {
  const people = Array.from({ length: size }, (_, index) => personOf(seed, index, historyStartMs));
  const named = (kind: string, prefix: string, names: readonly string[]): Named[] =>
    names.map((name, index) => ({ id: `${prefix}${randomOf(seed, kind, index).hex(16)}`, name }));
  return {
    people,
    admins: people.filter((person) => person.role !== "standard-user"),
    gpts: named("gpt", "g-", GPTS),
    projects: named("project", "g-p-", PROJECTS),
    apps: named("app", "connector_", ["Drive", "Tickets", "Calendar", "Wiki", "Weather"]).map((app, index) => ({
      ...app,
      type: ["SERVICE", "MCP", "FIRST_PARTY_ECOSYSTEM", "MCP", "OPEN_API"][index] ?? "UNKNOWN",
      tools: [
        ["search", "fetch"],
        ["create_ticket", "search_tickets"],
        ["list_events"],
        ["search", "read_page"],
        ["forecast"],
      ][index] ?? ["call"],
    })),
    agents: named("agent", "agent_", AGENTS),
    skills: named("skill", "skill-", SKILLS),
    groups: named("group", "group-", GROUPS),
    repositories: named("repository", "repo_", REPOSITORIES),
  };
}

function personOf(seed: number, index: number, historyStartMs: number): Person {
  const random = randomOf(seed, "person", index);
  const office = officeFor(random.fraction());
  const given = random.pick(office.givenNames);
  const family = random.pick(office.familyNames);
  const browser = random.pick(BROWSERS);
  const daysAgo = random.between(5, 600);
  return {
    userId: `user-${random.alphanumeric(24)}`,
    name: `${given} ${family}`,
    email: `${plain(given)}.${plain(family)}${index < 8 ? "" : index}@${EMAIL_DOMAIN}`,
    department: random.pick(DEPARTMENTS),
    role: index === 0 ? "account-owner" : index % 20 === 1 ? "account-admin" : "standard-user",
    status: index > 4 && random.chance(0.04) ? "inactive" : "active",
    joinedAtMs: historyStartMs - daysAgo * 86_400_000 - random.between(0, 86_399_000),
    office,
    clientIp: `${office.network}.${random.between(2, 250)}`,
    userAgent: browser.userAgent,
    clientType: browser.clientType,
  };
}

function officeFor(share: number): Office {
  let sum = 0;
  for (const office of OFFICES) {
    sum += office.share;
    if (share < sum) return office;
  }
  return OFFICES[0] as Office;
}

/** A name as it stands in an e-mail address. */
function plain(name: string): string {
  return name
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
}
