import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, request } from "../api.ts";
import type { Role, SystemInfo } from "../api-types.ts";
import { sessionKey, useSession } from "./useSession.ts";
import { useSystem } from "./useSystem.ts";

export interface SystemReport extends SystemInfo {
  readonly disk: SystemInfo["disk"] & { readonly walBytes: number; readonly searchBytes: number };
  readonly search: { readonly indexedSeq: number; readonly lastSeq: number; readonly rebuilding: boolean };
}

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
  /** To the hour. */
  readonly lastUsedAt?: string;
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly expiresInDays: number;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly createdAt: string;
  readonly lastSignInAt?: string;
  /** Set while its person has a password to choose. */
  readonly invitedUntil?: string;
}

/** An account with the link for its person, which the server shows this once. */
export interface Invited {
  readonly account: Account;
  readonly invitation: { readonly token: string; readonly expiresAt: string };
}

export interface AccessEntry {
  readonly id: number;
  readonly at: string;
  readonly who: string;
  readonly action: string;
  readonly object?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

const RECORD_PAGE = 100;
const tokensKey = ["tokens"] as const;

const get = async <T>(path: string, signal: AbortSignal): Promise<T> =>
  (await (await request("GET", path, undefined, signal)).json()) as T;

/** Version, disk, index and secret key; asked again every half minute. */
export function useSettingsSystem() {
  const { data, error, refetch } = useSystem();
  return { data: data as SystemReport | undefined, error, refetch };
}

/** Enters the key of the stored secrets anew; afterwards every page is read again. */
export function useSettingsKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (value: string) => api.enterSecretKey(value),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** The API tokens that are in force, newest first; how to make and how to revoke one. */
export function useSettingsTokens() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: tokensKey });
  const list = useQuery({
    queryKey: tokensKey,
    queryFn: ({ signal }) => get<readonly Token[]>("/tokens", signal),
    select: (tokens) => tokens.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
  });
  const create = useMutation({
    mutationFn: async (body: NewToken) =>
      (await (await request("POST", "/tokens", body)).json()) as Token & { readonly token: string },
    onSuccess,
    gcTime: 0, // the text of the token is not kept behind the dialog
  });
  const revoke = useMutation({
    mutationFn: async ({ id }: Token) => void (await request("DELETE", `/tokens/${encodeURIComponent(id)}`)),
    onSuccess,
  });
  return { list, create, revoke };
}

/** All accounts, by name; how to invite somebody, change roles, reset a password and remove an account. */
export function useSettingsAccounts() {
  const client = useQueryClient();
  // The own session may be among those that ended.
  const onSuccess = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["accounts"] }),
      client.invalidateQueries({ queryKey: sessionKey }),
    ]);
  const list = useQuery({
    queryKey: ["accounts"],
    queryFn: ({ signal }) => get<readonly Account[]>("/accounts", signal),
    select: (accounts) => accounts.toSorted((a, b) => a.name.localeCompare(b.name)),
  });
  const address = ({ id }: Account) => `/accounts/${encodeURIComponent(id)}`;
  const invite = useMutation({
    mutationFn: async (body: { readonly name: string; readonly roles: readonly Role[] }) =>
      (await (await request("POST", "/accounts", body)).json()) as Invited,
    onSuccess,
    gcTime: 0, // the link is not kept behind the dialog
  });
  const reset = useMutation({
    mutationFn: async (account: Account) =>
      (await (await request("POST", `${address(account)}/password-reset`)).json()) as Invited,
    onSuccess,
    gcTime: 0,
  });
  const change = useMutation({
    mutationFn: async ({ account, roles }: { readonly account: Account; readonly roles: readonly Role[] }) =>
      void (await request("PATCH", address(account), { roles })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: async (account: Account) => void (await request("DELETE", address(account))),
    onSuccess,
  });
  return { list, invite, reset, change, remove };
}

/** The access record, newest first, page by page. Reading it is recorded, so nothing is read again by itself. */
export function useSettingsRecord() {
  return useInfiniteQuery({
    queryKey: ["access-record"],
    queryFn: ({ pageParam, signal }) =>
      get<readonly AccessEntry[]>(
        `/access-record?limit=${RECORD_PAGE}${pageParam === undefined ? "" : `&before=${pageParam}`}`,
        signal,
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < RECORD_PAGE ? undefined : page.at(-1)?.id),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

/** Whether this account has a permission; undefined where the server does not tell, and then a try tells. */
export function useSettingsPermission(name: string): boolean | undefined {
  const account = useSession().data?.account as { readonly permissions?: readonly string[] } | null | undefined;
  return account?.permissions?.includes(name);
}
