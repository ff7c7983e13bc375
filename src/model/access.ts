export const roles = ["admin", "operator", "analyst", "viewer", "auditor", "privacy"] as const;

export type Role = (typeof roles)[number];

export const permissions = [
  "collectors.read", // names, states, counts and settings of collectors and sites; no content, no secret
  "collectors.operate", // pause, resume, scan, retry, acknowledge
  "collectors.write", // install, change and remove collectors, sites and drafts; test connections
  "destinations.read", // names, states, counts and settings of destinations, reasons of dead letters; no content, no secret
  "destinations.operate", // pause, resume, try at once, replay, send dead letters again or give them up
  "destinations.write", // add, change and remove destinations; test them
  "reports.issue", // completeness reports; no content
  "events.read", // content: events, searches and their counts, quarantined lines
  "system.read",
  "secret-key.write",
  "tokens.write",
  "accounts.read",
  "accounts.write", // invite people, change their roles, reset their passwords, remove them
  "access-record.read",
  "metrics.read",
  "docs.read",
  "alerts.read", // channels without their secrets, open problems, what was sent
  "alerts.write",
] as const;

export type Permission = (typeof permissions)[number];

const looking = ["collectors.read", "destinations.read", "system.read", "metrics.read", "docs.read"] as const;
const configuring = [
  ...looking,
  "collectors.operate",
  "collectors.write",
  "destinations.operate",
  "destinations.write",
  "reports.issue",
  "alerts.read",
] as const;

const permissionsByRole: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: looking,
  operator: configuring,
  analyst: [...looking, "events.read"],
  auditor: ["system.read", "docs.read", "accounts.read", "access-record.read", "reports.issue"],
  privacy: looking,
  admin: [
    ...configuring,
    "secret-key.write",
    "tokens.write",
    "accounts.read",
    "accounts.write",
    "access-record.read",
    "alerts.write",
  ],
};

/** What these roles allow together. What no role names is denied; reading content is not implied by `admin`. */
export function permissionsOf(held: readonly Role[]): ReadonlySet<Permission> {
  return new Set(held.flatMap((role) => permissionsByRole[role] ?? []));
}

export interface Account {
  /** Generated, `acc_…`. */
  readonly id: string;
  /** Unique without regard to case. */
  readonly name: string;
  /** The first is the one shown. */
  readonly roles: readonly Role[];
  readonly createdAt: string;
  readonly lastSignInAt: string | undefined;
  /** Set while its person has a password to choose: until then the link is good, and nobody can sign in. */
  readonly invitedUntil: string | undefined;
}

/** What lets one person choose the password of one account, once. */
export interface Invitation {
  /** For the person alone; stored hashed, shown this once. */
  readonly text: string;
  readonly expiresAt: string;
}

/** Who a request speaks for: an account with its session, or an API token. */
export interface Identity {
  readonly kind: "account" | "token";
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** An API token without its secret. */
export interface TokenInfo {
  /** Generated, `tok_…`. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
  /** To the hour. */
  readonly lastUsedAt: string | undefined;
}

/** Where a request came from, for throttling and the record. */
export interface RequestOrigin {
  readonly ip: string;
}

export interface SignedIn {
  readonly account: Account;
  /** The secret of the new session, for the cookie; it is stored hashed only. */
  readonly session: string;
}

export interface Invited {
  readonly account: Account;
  readonly invitation: Invitation;
}

/** One row of the access record. */
export interface AccessEntry {
  readonly id: number;
  readonly at: string;
  /** The account's name, `token <name>`, `command line`, or `nobody`. */
  readonly who: string;
  /** A stable word such as `events.search`, `collector.changed`, `sign_in.failed`. */
  readonly action: string;
  /** The id or name of what was acted on. */
  readonly object: string | undefined;
  /** Filters, names of changed fields, row counts. Never content, never a secret. */
  readonly detail: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Accounts, sessions, API tokens and the access record in control.db. Secrets go in or are made here and are stored hashed.
 * Refusals are CollectorError `rejected` with reason `wrong_credentials`, `too_many_attempts` (with `retryAfterMs`),
 * `setup_done`, `setup_token_wrong`, `invitation_wrong`, `password_too_weak`, `name_taken`, `last_admin` or `not_found`.
 */
export interface Access {
  /** True until the first account exists. */
  setupRequired(): boolean;
  /** A new set-up token, the earlier one losing its force; undefined once an account exists. For the terminal only. */
  issueSetupToken(): string | undefined;
  /** Makes the first account, with the roles `admin` and `analyst`, and signs it in. */
  setUp(
    request: { readonly token: string; readonly name: string; readonly password: string },
    origin: RequestOrigin,
  ): Promise<SignedIn>;

  accounts(): readonly Account[];
  createAccount(account: {
    readonly name: string;
    readonly password: string;
    readonly roles: readonly Role[];
  }): Promise<Account>;

  /** An account without a password, and the link with which its person chooses one. */
  inviteAccount(account: { readonly name: string; readonly roles: readonly Role[] }): Invited;
  /** Ends its sessions, as the next three do. Refused with `last_admin` where nobody could administer any more. */
  changeRoles(id: string, roles: readonly Role[]): Account;
  /** The old password loses its force at once. */
  resetPassword(id: string): Invited;
  removeAccount(id: string): Account;
  /** Chooses the password that an invitation is for, and signs in. */
  acceptInvitation(
    request: { readonly token: string; readonly password: string },
    origin: RequestOrigin,
  ): Promise<SignedIn>;
  /** Refused with `wrong_credentials` without the present one. Returns the session that takes the place of all others. */
  changePassword(
    id: string,
    request: { readonly current: string; readonly password: string },
    origin: RequestOrigin,
  ): Promise<string>;

  /** Takes as long for an unknown name as for a wrong password. Failures make the next attempts wait, by account and by address. */
  signIn(name: string, password: string, origin: RequestOrigin): Promise<SignedIn>;
  signOut(session: string): void;
  /**
   * Whose session it is, while it is within its idle and absolute limits. A use renews the idle limit, unless it is one that
   * nobody asked for: a page that is open and reads itself anew.
   */
  session(session: string, use?: { readonly background: boolean }): Identity | undefined;

  tokens(): readonly TokenInfo[];
  /** `expiresInDays` from 1 to 365. The text is shown once and cannot be had again. */
  createToken(token: {
    readonly name: string;
    readonly role: Role;
    readonly expiresInDays: number;
    readonly createdBy: string;
  }): { readonly text: string; readonly info: TokenInfo };
  revokeToken(id: string): void;
  /** Whose API token it is; undefined where it is unknown, revoked, expired or mistyped. */
  token(text: string): Identity | undefined;

  /** Durable when it returns; it throws `storage` where it could not be written, and then nothing may be given out. */
  record(entry: Omit<AccessEntry, "id" | "at">): void;
  /** Newest first; `before` is the id of the last row of the page before. */
  accessRecord(page: { readonly limit: number; readonly before?: number | undefined }): readonly AccessEntry[];
}

/** How an identity is named in the access record. */
export const recordName = (identity: Identity) =>
  identity.kind === "token" ? `token ${identity.name}` : identity.name;

/** The key that wraps every stored secret. It is never in the database. */
export interface SecretKeyStatus {
  readonly state: "ok" | "missing" | "wrong";
  /** Of the key that the stored secrets need; undefined where there is none yet. */
  readonly keyId: string | undefined;
  readonly source: "file" | "environment";
}

export interface SecretKeyControl {
  status(): SecretKeyStatus;
  /**
   * Enters the key anew, after a look at the stored check value. Refused with CollectorError `rejected`, reason
   * `secret_key_wrong`, where it is not the key of the stored secrets; a key that came from a file is written back to it.
   */
  enter(value: string): SecretKeyStatus;
}

/** What the server believes of a request, after its rules on proxies and host names. */
export interface Caller {
  readonly ip: string;
  readonly https: boolean;
  /** Host name with port, as the browser has it. */
  readonly host: string;
  /** False where that name is none of this server's. */
  readonly hostKnown: boolean;
  /** The browser's address of this server is a loopback one. */
  readonly loopback: boolean;
  /** Came from another machine, past the proxy, with nothing encrypted. */
  readonly inTheClear: boolean;
}

export interface ServerPolicy {
  /** `peer` is the address of the other end of the connection; forwarded headers count only from a trusted proxy. */
  caller(request: {
    readonly peer: string | undefined;
    readonly tls: boolean;
    readonly host: string;
    header(name: string): string | undefined;
  }): Caller;
}
