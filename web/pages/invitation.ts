// `/join#token=…&name=…`: a fragment is never sent to a server, and is taken out of the address at once.

export interface Invitation {
  readonly token: string;
  /** As the account is called; only shown. */
  readonly name: string;
}

/** The link to hand to the person of the account. */
export function invitationLink(origin: string, { token, name }: Invitation): string {
  return `${origin}/join#${new URLSearchParams({ token, name })}`;
}

/** What a link carries; undefined where the address is none. */
export function readInvitation({ pathname, hash }: Pick<Location, "pathname" | "hash">): Invitation | undefined {
  const values = new URLSearchParams(hash.slice(1));
  const token = values.get("token");
  return pathname === "/join" && token ? { token, name: values.get("name") ?? "" } : undefined;
}

/** Reads the invitation once, and takes it out of the address. */
export function invitationFromAddress(): Invitation | undefined {
  const invitation = readInvitation(location);
  if (invitation !== undefined) history.replaceState(history.state, "", "/collectors");
  return invitation;
}
