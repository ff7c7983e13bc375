// What Microsoft Entra ID and the Logs Ingestion API mean by their refusals.
import { outletError } from "../../http/outlet-error.ts";
import type { OutletAnswer } from "../../model/destination.ts";
import type { CollectorError } from "../../model/errors.ts";
import { jsonIn } from "./access-token.ts";
import { type FinerMeaning, finer } from "./finer-error.ts";

export interface Asked {
  readonly host: string;
  readonly now: Date;
  /** Sent along: cut out of what is quoted. */
  readonly secrets: readonly string[];
}

const OTHER_SIGN_IN: FinerMeaning = {
  code: "auth_failed",
  reason: "credentials_refused",
  action: "Check tenant ID, client ID and client secret",
};

/** By the numbers that Entra ID writes into its descriptions. */
const signInMeanings: Readonly<Record<string, FinerMeaning>> = {
  AADSTS7000215: {
    code: "auth_failed",
    reason: "credentials_refused",
    action: "Enter the value of a client secret of this application; its ID is not enough",
  },
  AADSTS7000222: {
    code: "auth_failed",
    reason: "secret_expired",
    action: "Create a new client secret for the application and enter its value",
  },
  AADSTS700016: {
    code: "auth_failed",
    reason: "credentials_refused",
    action: "Check the client ID, and that the application is registered in this tenant",
  },
  AADSTS90002: {
    code: "config_invalid",
    reason: "tenant_unknown",
    action: "Check the tenant ID and, for a sovereign cloud, the authority",
  },
  AADSTS70011: {
    code: "config_invalid",
    reason: "scope_unknown",
    action: "Check the scope; in a sovereign cloud it has that cloud's domain",
  },
  AADSTS500011: {
    code: "config_invalid",
    reason: "scope_unknown",
    action: "Check the scope; in a sovereign cloud it has that cloud's domain",
  },
};

/** The error of a token that was not given. */
export function signInError(answer: OutletAnswer, asked: Asked): CollectorError {
  const error = outletError(answer, asked);
  const [code = ""] = /AADSTS\d+/.exec(answer.text) ?? [];
  const refused = answer.status === 400 || answer.status === 401 || answer.status === 403;
  return finer(error, signInMeanings[code] ?? (refused ? OTHER_SIGN_IN : undefined));
}

const ROLE_MISSING: FinerMeaning = {
  reason: "role_missing",
  action:
    "Give the application the role Monitoring Metrics Publisher on the data collection rule; after that it can take 30 minutes until the role holds",
};
const OTHER_CLOUD: FinerMeaning = {
  action: "Check that endpoint, authority and scope belong to the same cloud, and the clock of this machine",
};
const WRONG_RULE: FinerMeaning = {
  code: "config_invalid",
  reason: "wrong_address",
  action:
    "Check the immutable ID of the data collection rule and the stream's name, and that the endpoint is the rule's own or belongs to it",
};

/** The error of rows that were not taken. */
export function deliveryError(answer: OutletAnswer, asked: Asked): CollectorError {
  return finer(outletError(answer, asked), deliveryMeaning(answer));
}

function deliveryMeaning(answer: OutletAnswer): FinerMeaning | undefined {
  if (answer.status === 401) return OTHER_CLOUD;
  if (answer.status === 403) return ROLE_MISSING;
  if (answer.status === 404) return WRONG_RULE;
  // A stream that the rule does not declare is no fault of the events: as `rejected` it would make dead letters of them all.
  return answer.status === 400 && /stream|rule|dcr|endpoint|version/i.test(errorCode(answer)) ? WRONG_RULE : undefined;
}

function errorCode({ headers, text }: OutletAnswer): string {
  const code = (jsonIn(text) as { error?: { code?: unknown } } | undefined | null)?.error?.code;
  return headers.get("x-ms-error-code") ?? (typeof code === "string" ? code : "");
}
