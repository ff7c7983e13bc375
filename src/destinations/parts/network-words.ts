// Failures of connections that clients report without the code that tells them apart.
import { networkFailure } from "../../http/network-failure.ts";
import type { CollectorError } from "../../model/errors.ts";

const failure = (code: string, host: string) =>
  networkFailure(Object.assign(new Error(code), { code }), host) as CollectorError;

export const notConnected = (host: string): CollectorError => failure("ETIMEDOUT", host);
export const notAnswered = (host: string): CollectorError => failure("UND_ERR_HEADERS_TIMEOUT", host);
export const brokenOff = (host: string): CollectorError => failure("ECONNRESET", host);
