// What an answer of S3 means. Its code in the body tells more than the status: 400 alone has dozens of meanings.
//
// S3 never looks into an object. Whatever it refuses is about the request, so that no event is ever at fault: only what is too large helps
// to be halved, and everything unknown halts delivery instead of making dead letters.
import { outletError, quoted } from "../../http/outlet-error.ts";
import { retryAfterMs } from "../../http/retry-after.ts";
import type { OutletAnswer } from "../../model/destination.ts";
import { CollectorError, type ErrorCode } from "../../model/errors.ts";
import { requestRefused } from "./request-refused.ts";

export interface AboutAnswer {
  readonly host: string;
  readonly now: Date;
  readonly secrets: readonly string[];
}

interface Meaning {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly action: string;
}

const denied: Meaning = {
  code: "auth_failed",
  reason: "access_denied",
  action:
    "Allow the key s3:PutObject under the prefix, and the KMS key if there is one; look for a bucket policy that denies it",
};
const account: Meaning = {
  code: "auth_failed",
  reason: "account_refused",
  action: "Look at the state of the account at the storage service",
};
const expired: Meaning = {
  code: "auth_failed",
  reason: "session_expired",
  action: "Enter new temporary keys with their session token, or a permanent key",
};
const region: Meaning = {
  code: "config_invalid",
  reason: "wrong_region",
  action: "Set the region, and the endpoint if there is one, to those of the bucket",
};
const kms: Meaning = {
  code: "config_invalid",
  reason: "kms_key_unusable",
  action: "Enter a KMS key of the bucket's region that is enabled",
};
const unsupported: Meaning = {
  code: "config_invalid",
  reason: "not_supported",
  action: "Leave out storage class and encryption, or set the checksum to md5: this service does not know one of them",
};
const tooLarge: Meaning = {
  code: "rejected",
  reason: "too_large",
  action: "Nothing: it is sent in smaller pieces",
};
const damaged: Meaning = {
  code: "unavailable",
  reason: "damaged_on_the_way",
  action: "It is sent again; if it stays, look for what changes or cuts off requests in between",
};
const busy: Meaning = { code: "rate_limited", reason: "throttled", action: "It passes by itself" };
const broken: Meaning = { code: "unavailable", reason: "server_error", action: "If it stays, check the service" };

const meanings: Readonly<Record<string, Meaning>> = {
  AccessDenied: denied,
  AllAccessDisabled: account,
  AccountProblem: account,
  NotSignedUp: account,
  InvalidAccessKeyId: {
    code: "auth_failed",
    reason: "access_key_unknown",
    action: "Enter an access key ID that exists and is active; check that the endpoint is the one that it is for",
  },
  SignatureDoesNotMatch: {
    code: "auth_failed",
    reason: "signature_refused",
    action: "Enter the secret access key again: it does not belong to this access key ID",
  },
  ExpiredToken: expired,
  TokenRefreshRequired: expired,
  InvalidToken: {
    code: "auth_failed",
    reason: "session_token_wrong",
    action: "Enter the session token that came with this access key, or none for a permanent key",
  },
  NoSuchBucket: {
    code: "config_invalid",
    reason: "bucket_missing",
    action: "Make the bucket, or correct its name; check the endpoint and whether the bucket belongs in the path",
  },
  InvalidBucketName: { code: "config_invalid", reason: "bucket_missing", action: "Correct the name of the bucket" },
  PermanentRedirect: region,
  AuthorizationHeaderMalformed: region,
  IllegalLocationConstraintException: region,
  InvalidStorageClass: unsupported,
  InvalidEncryptionAlgorithmError: unsupported,
  NotImplemented: unsupported,
  MethodNotAllowed: {
    code: "config_invalid",
    reason: "wrong_address",
    action: "Check the endpoint, and whether the bucket belongs in the path",
  },
  EntityTooLarge: tooLarge,
  MaxMessageLengthExceeded: tooLarge,
  RequestTimeTooSkewed: {
    code: "unavailable",
    reason: "clock_skew",
    action: "Set the clock of this machine, best by NTP",
  },
  BadDigest: damaged,
  IncompleteBody: damaged,
  RequestTimeout: damaged,
  XAmzContentSHA256Mismatch: damaged,
  XAmzContentChecksumMismatch: damaged,
  SlowDown: busy,
  ThrottlingException: busy,
  TemporaryRedirect: broken,
  OperationAborted: broken,
};

/** The member of an error's XML; undefined where there is none. */
export function xmlText(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]{1,2000})</${name}>`).exec(xml)?.[1];
  return found?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity]!);
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** The error of an answer that is no success. Of its text only the message is told: the rest repeats what was signed. */
export function s3Error(answer: OutletAnswer, about: AboutAnswer): CollectorError {
  const name = xmlText(answer.text, "Code");
  const meaning = name?.startsWith("KMS.") ? kms : meanings[name ?? ""];
  if (name === undefined || meaning === undefined) return unknownError(answer, about, name);
  const { code, reason } = meaning;
  const is = answer.headers.get("x-amz-bucket-region") ?? xmlText(answer.text, "Region");
  const action = meaning === region && is ? `Set the region to ${quoted(is)}` : meaning.action;
  const wait = retryAfterMs(answer.headers, about.now);
  return new CollectorError(
    code,
    `${about.host} answered ${answer.status}: ${quoted(said(answer.text, name), about.secrets)}`,
    {
      reason,
      action,
      status: answer.status,
      retryAfterMs: wait,
    },
  );
}

function unknownError(answer: OutletAnswer, about: AboutAnswer, name: string | undefined): CollectorError {
  const told = name === undefined ? answer : { ...answer, text: said(answer.text, name) };
  return requestRefused(outletError(told, about), "Check the settings against what the service says");
}

const said = (xml: string, name: string) => `${name}, ${xmlText(xml, "Message") ?? "without a message"}`;
