import type { CollectorErrorRow } from "../../api-types.ts";

type What = { readonly gap: number } | { readonly quarantined: number } | { readonly file: string };

/** What acknowledging this error means to the API; undefined where it can only be mended. */
export function acknowledgement({ type, id, fileId, acknowledged }: CollectorErrorRow): What | undefined {
  if (acknowledged) return undefined;
  if (type === "gap" && id !== undefined) return { gap: id };
  if (type === "line" && id !== undefined) return { quarantined: id };
  return type === "file" && fileId !== undefined ? { file: fileId } : undefined;
}
