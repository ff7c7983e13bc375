// Values to search by, with the number that the schema gives each sort.
const SORTS: readonly (readonly [attribute: string, id: number, caption: string])[] = [
  ["actor.user.uid", 31, "User UID"],
  ["actor.user.email_addr", 5, "Email Address"],
  ["user.uid", 31, "User UID"],
  ["user.email_addr", 5, "Email Address"],
  ["group.name", 32, "Group Name"],
  ["group.uid", 33, "Group UID"],
  ["src_endpoint.ip", 2, "IP Address"],
  ["http_request.user_agent", 16, "HTTP User-Agent"],
  ["file.name", 7, "File Name"],
];

/** Undefined where the record has none. */
export function observablesOf(record: Readonly<Record<string, unknown>>): readonly object[] | undefined {
  const found = SORTS.flatMap(([name, type_id, type]) => {
    const value = name
      .split(".")
      .reduce<unknown>((inside, part) => (inside as Record<string, unknown>)?.[part], record);
    return typeof value === "string" ? [{ name, type_id, type, value }] : [];
  });
  return found.length === 0 ? undefined : found;
}
