import type {
  CheckRequest,
  CheckStep,
  CollectorChange,
  CollectorDetail,
  CollectorList,
  CollectorSaved,
  Connector,
  Coverage,
  CoveredFiles,
  DestinationCheck,
  Draft,
  GuideEvaluation,
  IssuedReport,
  NewCollector,
  Problem,
  QuarantinedLine,
  RewindForecast,
  SecretInfo,
  Session,
  Site,
  SystemInfo,
  Volume,
} from "./api-types.ts";
import { ndjson } from "./format/ndjson.ts";
import { watchPresence } from "./presence.ts";

const BASE = "/api/v1";
const presence = watchPresence(globalThis.document ?? new EventTarget(), Date.now);

/** A request that did not do what was asked. `status` is 0 where the server could not be reached. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail, { cause });
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** Sends one request and answers the response; throws `ApiError` for everything that is not 2xx. */
export async function request(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["x-cistern"] = "1";
  else if (!presence.isPresent()) headers["x-cistern-background"] = "1";
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(BASE + path, {
    method,
    headers,
    credentials: "same-origin",
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(unreachable, cause);
  });
  if (!response.ok) throw new ApiError(await problemOf(response));
  return response;
}

const unreachable: Problem = {
  title: "The server cannot be reached",
  status: 0,
  code: "offline",
  detail: "The console could not reach the Cistern server",
  action: "Check that the server runs and that this computer is on the network. The console tries again by itself.",
};

async function problemOf(response: Response): Promise<Problem> {
  const fallback = {
    title: `The server answered ${response.status}`,
    status: response.status,
    code: "unexpected",
    detail: `The server answered ${response.status} ${response.statusText}`.trim(),
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback; // a proxy's page, or a body that was cut off: the status is all that is known
  }
}

/** Sends one request and answers its JSON; undefined where there is none. */
export async function json<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await request(method, path, body, signal);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

const id = encodeURIComponent;

/** The HTTP API, one function for each operation that the console uses. */
const rewindOf = (collector: string, source: string) =>
  `/collectors/${id(collector)}/data-sources/${id(source)}/rewind`;

export const api = {
  session: (signal?: AbortSignal) => json<Session>("GET", "/session", undefined, signal),
  setup: (body: { token: string; name: string; password: string }) => json<Session>("POST", "/setup", body),
  signIn: (body: { name: string; password: string }) => json<Session>("POST", "/session", body),
  signOut: () => json<void>("DELETE", "/session"),
  accept: (body: { token: string; password: string }) => json<Session>("POST", "/invitation", body),
  changePassword: (body: { current: string; password: string }) => json<void>("PUT", "/session/password", body),

  system: () => json<SystemInfo>("GET", "/system"),
  enterSecretKey: (value: string) => json<void>("POST", "/system/secret-key", { value }),
  connectors: () => json<readonly Connector[]>("GET", "/connectors"),
  timezones: () => json<readonly string[]>("GET", "/timezones"),

  collectors: (signal?: AbortSignal) => json<CollectorList>("GET", "/collectors", undefined, signal),
  collector: (collector: string, signal?: AbortSignal) =>
    json<CollectorDetail>("GET", `/collectors/${id(collector)}`, undefined, signal),
  install: (body: NewCollector) => json<CollectorSaved>("POST", "/collectors", body),
  change: (collector: string, body: CollectorChange) =>
    json<CollectorSaved>("PATCH", `/collectors/${id(collector)}`, body),
  setSecret: (collector: string, name: string, value: string) =>
    json<SecretInfo>("PUT", `/collectors/${id(collector)}/secrets/${id(name)}`, { value }),
  remove: (collector: string, events: "keep" | "remove") =>
    json<void>("DELETE", `/collectors/${id(collector)}?events=${events}`),
  act: (collector: string, action: "pause" | "resume" | "scan") =>
    json<void>("POST", `/collectors/${id(collector)}/${action}`),
  duplicate: (collector: string) => json<Draft>("POST", `/collectors/${id(collector)}/duplicate`),
  actOnSource: (collector: string, source: string, action: "pause" | "resume") =>
    json<void>("POST", `/collectors/${id(collector)}/data-sources/${id(source)}/${action}`),
  forecastRewind: (collector: string, source: string, to: string) =>
    json<RewindForecast>("POST", `${rewindOf(collector, source)}/forecast`, { to }),
  rewind: (collector: string, source: string, confirmed: { token: string; refetch: boolean }) =>
    json<void>("POST", rewindOf(collector, source), confirmed),
  cancelRewind: (collector: string, source: string) => json<void>("POST", `${rewindOf(collector, source)}/cancel`),
  retryFile: (collector: string, file: string) =>
    json<void>("POST", `/collectors/${id(collector)}/files/${id(file)}/retry`),
  quarantine: (collector: string, signal?: AbortSignal) =>
    json<readonly QuarantinedLine[]>("GET", `/collectors/${id(collector)}/quarantine`, undefined, signal),
  quarantinedUrl: (collector: string, line: number) => `${BASE}/collectors/${id(collector)}/quarantine/${line}/raw`,
  quarantined: async (collector: string, line: number, signal: AbortSignal) =>
    (await request("GET", `/collectors/${id(collector)}/quarantine/${line}/raw`, undefined, signal)).text(),
  acknowledge: (what: { gap: number } | { quarantined: number } | { file: string }) =>
    json<void>("POST", "/acknowledgements", what),
  volume: (collector: string, query: URLSearchParams, signal?: AbortSignal) =>
    json<Volume>("GET", `/collectors/${id(collector)}/volume?${query}`, undefined, signal),
  coverage: (collector: string, query: URLSearchParams, signal?: AbortSignal) =>
    json<Coverage>("GET", `/collectors/${id(collector)}/coverage?${query}`, undefined, signal),
  coverageFiles: (collector: string, query: URLSearchParams, signal?: AbortSignal) =>
    json<CoveredFiles>("GET", `/collectors/${id(collector)}/coverage/files?${query}`, undefined, signal),
  reports: (collector: string, signal?: AbortSignal) =>
    json<readonly IssuedReport[]>("GET", `/collectors/${id(collector)}/reports`, undefined, signal),
  /** Answers the report's id; its bytes are fetched by its address, as the server has them. */
  issueReport: async (body: { collector: string; from: string; to: string }) =>
    (await json<{ readonly id: string }>("POST", "/reports/completeness", body)).id,
  reportUrl: (report: string) => `${BASE}/reports/${id(report)}`,
  reportPageUrl: (report: string) => `${BASE}/reports/${id(report)}/page`,
  exportUrl: (collector: string) => `${BASE}/collectors/${id(collector)}/export.yaml`,

  draft: (draft: string, signal?: AbortSignal) => json<Draft>("GET", `/drafts/${id(draft)}`, undefined, signal),
  createDraft: (body: { connector: string; values?: object; secrets?: object }) => json<Draft>("POST", "/drafts", body),
  changeDraft: (draft: string, body: { values?: object; secrets?: object }) =>
    json<Draft>("PATCH", `/drafts/${id(draft)}`, body),
  deleteDraft: (draft: string) => json<void>("DELETE", `/drafts/${id(draft)}`),
  evaluation: (draft: string, signal?: AbortSignal) =>
    json<GuideEvaluation>("GET", `/drafts/${id(draft)}/evaluation`, undefined, signal),

  sites: () => json<readonly Site[]>("GET", "/sites"),
  createSite: (name: string) => json<Site>("POST", "/sites", { name }),
  renameSite: (site: string, name: string) => json<Site>("PATCH", `/sites/${id(site)}`, { name }),
  deleteSite: (site: string) => json<void>("DELETE", `/sites/${id(site)}`),
};

/** Where a connection test is asked for, and with what. */
export interface CheckRequests {
  readonly "/check": CheckRequest;
  readonly "/destinations/check": DestinationCheck;
}

/** Runs a connection test; yields its steps as the server tells them. */
export async function* checkSteps<Path extends keyof CheckRequests>(
  path: Path,
  body: CheckRequests[Path],
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const response = await request("POST", path, body, signal);
  if (response.body === null) return;
  yield* ndjson<CheckStep>(response.body);
}
