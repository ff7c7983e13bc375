// Requests to S3: the address of an object, and what is signed. The request itself is the outlet's.
import { createHash } from "node:crypto";
import type { S3Settings } from "./s3-settings.ts";

/** The bucket's address, ending with a slash. */
export function bucketUrl({ endpoint, region, bucket, path_style }: S3Settings): URL {
  const china = region.startsWith("cn-") ? ".cn" : "";
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com${china}`);
  const base = url.pathname.replace(/\/+$/, "");
  // No certificate covers more than one label before the service's name, and some names are none for a host at all.
  const inPath = path_style || !/^[a-z0-9-]+$/.test(bucket);
  if (!inPath) url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = inPath ? `${base}/${bucket}/` : `${base}/`;
  url.search = "";
  url.hash = "";
  return url;
}

export interface Put {
  readonly url: URL;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** What the clock of the service shows. */
  readonly at: Date;
}

/** The headers of a PUT, the signature among them. */
export async function signedHeaders(put: Put, settings: S3Settings): Promise<Record<string, string>> {
  const { AwsV4Signer } = await import("aws4fetch");
  const signer = new AwsV4Signer({
    method: "PUT",
    url: put.url.href,
    headers: headersOf(put, settings),
    service: "s3",
    region: settings.region,
    accessKeyId: settings.access_key_id,
    secretAccessKey: settings.secret_access_key,
    ...(settings.session_token !== undefined && { sessionToken: settings.session_token }),
    datetime: put.at.toISOString().replace(/[:-]|\.\d{3}/g, ""),
  });
  return Object.fromEntries((await signer.sign()).headers);
}

function headersOf({ bytes, contentType }: Put, settings: S3Settings): Record<string, string> {
  const sha256 = createHash("sha256").update(bytes).digest();
  return {
    "content-type": contentType,
    "x-amz-content-sha256": sha256.toString("hex"),
    ...(settings.checksum === "sha256"
      ? { "x-amz-checksum-sha256": sha256.toString("base64") }
      : { "content-md5": createHash("md5").update(bytes).digest("base64") }),
    ...(settings.storage_class && { "x-amz-storage-class": settings.storage_class }),
    ...(settings.encryption !== "none" && { "x-amz-server-side-encryption": settings.encryption }),
    ...(settings.encryption === "aws:kms" &&
      settings.kms_key !== undefined && { "x-amz-server-side-encryption-aws-kms-key-id": settings.kms_key }),
  };
}
