import { createHmac, timingSafeEqual } from "node:crypto";

/** Makes and checks URLs that let anyone have one file for a while. */
export interface UrlSigner {
  /** Path and query for a file, good until this instant (ms). */
  pathOf(fileId: string, expiresAtMs: number): string;
  /** The file that a path and query let one have. */
  check(
    path: string,
    query: URLSearchParams,
    nowMs: number,
  ): { readonly fileId: string } | { readonly refused: "signature" | "expired" };
}

/** A signer whose secret belongs to the seed, so that a restarted sandbox honours its earlier URLs. */
export function urlSigner(seed: number): UrlSigner {
  const sign = (fileId: string, expires: string) =>
    createHmac("sha256", `sandbox storage ${seed}`).update(`${fileId} ${expires}`).digest("hex");
  return {
    pathOf: (fileId, expiresAtMs) => `/logs/${fileId}?se=${expiresAtMs}&sig=${sign(fileId, String(expiresAtMs))}`,
    check(path, query, nowMs) {
      const fileId = path.replace(/^\/logs\//, "");
      const expires = query.get("se") ?? "";
      const given = Buffer.from(query.get("sig") ?? "");
      const wanted = Buffer.from(sign(fileId, expires));
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return { refused: "signature" };
      return Number(expires) > nowMs ? { fileId } : { refused: "expired" };
    },
  };
}
