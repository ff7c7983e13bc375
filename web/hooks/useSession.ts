import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api.ts";
import type { Session } from "../api-types.ts";

export const sessionKey = ["session"] as const;

/** Who is signed in; also whether a first administrator must be made. */
export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: ({ signal }) => api.session(signal), staleTime: 60_000 });
}

/** Signs in, sets up or signs out; afterwards every page reads as the new account. */
export function useSessionActions() {
  const client = useQueryClient();
  const forget = () => client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
  const adopt = (session: Session) => {
    forget(); // what another account has read
    client.setQueryData(sessionKey, session);
  };
  const signIn = useMutation({ mutationFn: api.signIn, onSuccess: adopt });
  const setup = useMutation({ mutationFn: api.setup });
  const accept = useMutation({ mutationFn: api.accept });
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      forget();
      await client.invalidateQueries({ queryKey: sessionKey });
    },
  });
  return { signIn, setup, accept, signOut, adopt };
}

/** Whether this account may install, change, start and stop collectors. The server decides; this only hides what it refuses. */
export function useMayOperate(): boolean {
  const account = useSession().data?.account;
  if (!account) return false;
  return account.permissions?.includes("collectors.write") ?? (account.role === "admin" || account.role === "operator");
}
