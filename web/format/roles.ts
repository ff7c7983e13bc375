import type { Role } from "../api-types.ts";

/** The roles as people read them, the least first. */
export const roleNames: readonly { readonly value: Role; readonly label: string; readonly does: string }[] = [
  { value: "viewer", label: "Viewer", does: "Sees collectors and destinations, their state and metrics. No content." },
  { value: "analyst", label: "Analyst", does: "Sees collectors and destinations, and reads and searches events." },
  { value: "operator", label: "Operator", does: "Sets up, starts and stops collectors and destinations. No content." },
  { value: "auditor", label: "Auditor", does: "Reads accounts and the access record. No content." },
  {
    value: "privacy",
    label: "Privacy",
    does: "Sees collectors and destinations, their state and metrics. No content.",
  },
  {
    value: "admin",
    label: "Administrator",
    does: "Does all of an operator and an auditor, and manages accounts and tokens. No content.",
  },
];

/** `Administrator, Analyst`. */
export const rolesText = (roles: readonly Role[]): string =>
  roles.map((role) => roleNames.find(({ value }) => value === role)?.label ?? role).join(", ");
