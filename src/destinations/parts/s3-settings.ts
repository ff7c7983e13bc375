import { z } from "zod";
import { address, networkShape } from "../../http/network-fields.ts";
import { compression, fileType, partitionBy } from "./event-file.ts";

const A_REGION = "expected a region, such as eu-central-1";
const A_BUCKET = "expected the name of a bucket: 3 to 63 letters, digits, dots and dashes";
const A_PREFIX = "expected folder names of letters, digits and = . _ -, separated by /, without one at the ends";
const A_KEY_ID = "expected an access key ID, such as AKIAIOSFODNN7EXAMPLE";
const A_SECRET = "expected a secret access key";
const A_SOURCE = "expected up to 40 letters, digits and . _ -, with {class} for the OCSF class";
const AN_ACCOUNT = "expected an AWS account ID, or the external ID that the source was made with";
const A_SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9=._-]+$/;

const isPrefix = (text: string) => text.split("/").every((segment) => A_SEGMENT.test(segment));
// A header holds printable ASCII; anything else in a secret is a slip of the clipboard.
const printable = (error: string, longest: number) =>
  z
    .string({ error })
    .regex(/^[\x21-\x7e]+$/, { error })
    .max(longest, { error });

const where = {
  endpoint: address.optional().meta({
    title: "Endpoint",
    description: "Where another storage service than AWS answers. Default: S3 of the region.",
    placeholder: "https://s3.example.com",
  }),
  region: z
    .string({ error: A_REGION })
    .regex(/^[a-z0-9-]{2,40}$/, { error: A_REGION })
    .meta({
      title: "Region",
      description: "The region of the bucket; other services name their own, often us-east-1 or auto.",
      placeholder: "eu-central-1",
    }),
  bucket: z
    .string({ error: A_BUCKET })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/, { error: A_BUCKET })
    .meta({
      title: "Bucket",
      description: "The bucket that the objects go into. It has to be there.",
      placeholder: "cistern-events",
    }),
  prefix: z
    .string({ error: A_PREFIX })
    .max(300, { error: A_PREFIX })
    .refine(isPrefix, { error: A_PREFIX })
    .optional()
    .meta({
      title: "Prefix",
      description: "What every object's key begins with, without a slash at the end.",
      placeholder: "cistern",
    }),
  path_style: z.boolean({ error: "expected true or false" }).default(false).meta({
    title: "Bucket in the path",
    description: "Ask for endpoint/bucket instead of bucket.endpoint, as many services other than AWS need it.",
    advanced: true,
  }),
} as const;

const credentials = {
  access_key_id: printable(A_KEY_ID, 200).meta({
    title: "Access key ID",
    description: "Of a key that may put objects into the bucket, and needs to do nothing else.",
    placeholder: "AKIAIOSFODNN7EXAMPLE",
  }),
  secret_access_key: printable(A_SECRET, 500).meta({
    title: "Secret access key",
    description: "The secret of that key. It is never sent: requests are signed with it.",
    secret: true,
  }),
  session_token: printable("expected a session token", 5_000).optional().meta({
    title: "Session token",
    description: "Only for temporary keys. They expire, and delivery stands still until new ones are entered.",
    secret: true,
    advanced: true,
  }),
} as const;

const objects = {
  layout: z.enum(["cistern", "security-lake"], { error: "expected cistern or security-lake" }).default("cistern").meta({
    title: "Layout",
    description:
      "cistern: by type, date and hour. security-lake: a custom source of Amazon Security Lake, Parquet of one OCSF class an object; needs format ocsf.",
  }),
  file_type: fileType,
  compression: compression.default("zstd"),
  partition_by: partitionBy,
  security_lake_source: z
    .string({ error: A_SOURCE })
    .regex(/^(?:[A-Za-z0-9._-]|\{class\}){1,40}$/, { error: A_SOURCE })
    .default("cistern-{class}")
    .meta({
      title: "Security Lake source",
      description:
        "The custom source's name. Each OCSF class needs a source of its own: {class} stands for its number.",
      advanced: true,
    }),
  security_lake_account: z
    .string({ error: AN_ACCOUNT })
    .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: AN_ACCOUNT })
    .optional()
    .meta({
      title: "Security Lake account",
      description: "The account ID that stands in the objects' keys. Needed for the layout security-lake.",
      placeholder: "123456789012",
      advanced: true,
    }),
} as const;

const storing = {
  storage_class: z
    .enum(["STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"], {
      error: "expected a storage class of S3, such as STANDARD_IA",
    })
    .optional()
    .meta({ title: "Storage class", description: "Default: the bucket's own.", advanced: true }),
  encryption: z
    .enum(["none", "AES256", "aws:kms"], { error: "expected none, AES256 or aws:kms" })
    .default("none")
    .meta({
      title: "Encryption at rest",
      description: "Asked for with each object; none leaves it to the bucket, which AWS encrypts in any case.",
      advanced: true,
    }),
  kms_key: printable("expected the ID or ARN of a KMS key", 500).optional().meta({
    title: "KMS key",
    description: "ID or ARN of the key for aws:kms. Default: the account's own key for S3.",
    advanced: true,
  }),
  checksum: z.enum(["sha256", "md5"], { error: "expected sha256 or md5" }).default("sha256").meta({
    title: "Checksum",
    description: "What the service checks an object with. md5 is for services that do not know sha256.",
    advanced: true,
  }),
} as const;

export const s3Settings = z
  .strictObject({ ...where, ...credentials, ...objects, ...storing, ...networkShape })
  .refine(({ layout, security_lake_account }) => layout === "cistern" || security_lake_account !== undefined, {
    error: AN_ACCOUNT,
    path: ["security_lake_account"],
  });

export type S3Settings = z.infer<typeof s3Settings>;
