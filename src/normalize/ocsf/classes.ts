// The classes of OCSF that events become, with the numbers and captions that the schema gives them.

export type Version = "1.8.0" | "1.9.0";

export interface OcsfClass {
  readonly uid: number;
  readonly name: string;
  readonly category: number;
  readonly categoryName: string;
  readonly activities: Readonly<Record<number, string>>;
}

const application = { category: 6, categoryName: "Application Activity" } as const;
const identity = { category: 3, categoryName: "Identity & Access Management" } as const;

export const classes = {
  base: { uid: 0, name: "Base Event", category: 0, categoryName: "Uncategorized", activities: {} },
  api: {
    ...application,
    uid: 6003,
    name: "API Activity",
    activities: { 1: "Create", 2: "Read", 3: "Update", 4: "Delete" },
  },
  file: {
    ...application,
    uid: 6006,
    name: "File Hosting Activity",
    activities: { 1: "Upload", 2: "Download", 4: "Delete" },
  },
  web: { ...application, uid: 6001, name: "Web Resources Activity", activities: { 8: "Share" } },
  account: {
    ...identity,
    uid: 3001,
    name: "Account Change",
    activities: { 1: "Create", 4: "Password Reset", 6: "Delete" },
  },
  authentication: { ...identity, uid: 3002, name: "Authentication", activities: { 1: "Logon", 2: "Logoff" } },
  entity: {
    ...identity,
    uid: 3004,
    name: "Entity Management",
    activities: { 1: "Create", 3: "Update", 4: "Delete" },
  },
  access: { ...identity, uid: 3005, name: "User Access Management", activities: { 1: "Assign Privileges" } },
  group: {
    ...identity,
    uid: 3006,
    name: "Group Management",
    activities: { 3: "Add User", 4: "Remove User", 5: "Delete", 6: "Create", 9: "Update" },
  },
  user: {
    ...identity,
    uid: 3007,
    name: "User Management",
    activities: { 1: "Create", 3: "Delete", 9: "Password Reset", 16: "Assign Roles" },
  },
} as const satisfies Record<string, OcsfClass>;

export type ClassName = keyof typeof classes;

/** What a kind of event becomes: a class, an activity of it, and its own attributes. */
export interface Body {
  readonly of: ClassName;
  readonly activity: number;
  /** For activity 99, which the schema has no name for. */
  readonly activityName?: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly profiles?: readonly string[] | undefined;
}

export const OTHER = 99;
