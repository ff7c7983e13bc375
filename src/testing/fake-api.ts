// The API over a real control.db in a folder of its own and in-memory fakes of the other rooms. What is tested comes in as
// an argument, for this folder knows no room but the model.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Access, Role, SecretKeyControl, ServerPolicy } from "../model/access.ts";
import type { AlertSender, AlertStore } from "../model/alerts.ts";
import type { Control } from "../model/control.ts";
import type { DestinationControl } from "../model/destinations.ts";
import type { CompletenessReports } from "../model/report.ts";
import { fakeConnector } from "./fake-connector.ts";
import { fakeDeliveries } from "./fake-deliveries.ts";
import { fakeEngine, fakeTester } from "./fake-engine.ts";
import { fakeReader } from "./fake-reader.ts";
import { fakeSearch } from "./fake-search.ts";
import { type AnswerCheck, answerCheck } from "./openapi-answers.ts";

export interface ApiParts {
  createApi(deps: never): {
    request(path: string, init?: RequestInit, env?: object): Response | Promise<Response>;
  };
  openControl(options: {
    readonly path: string;
    readonly secretKeyPath: string;
    readonly now: () => Date;
    readonly randomBytes: (count: number) => Uint8Array;
    readonly passwordCost: { readonly memoryKib: number; readonly passes: number; readonly lanes: number };
  }): {
    readonly control: Control;
    readonly access: Access;
    readonly alerts: AlertStore;
    readonly destinations: DestinationControl;
    readonly secretKey: SecretKeyControl;
  };
  serverPolicy(settings: {
    readonly listenHost: string;
    readonly publicUrl?: string;
    readonly trustedProxies?: readonly string[];
  }): ServerPolicy;
}

export interface ApiOptions {
  readonly policy?: Parameters<ApiParts["serverPolicy"]>[0];
  /** Stand in place of the usual ones. */
  readonly deps?: Readonly<Record<string, unknown>>;
}

export const apiPassword = "a long enough password";

/** What a request is sent with: a role's API token, or `undefined` for nobody. */
export interface Sent {
  readonly as?: Role | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: object;
}

/** The document is the same for every test of a file, and costs more than most of them. */
let check: AnswerCheck | undefined;

/** The API, ready for requests. Each JSON answer is compared with the OpenAPI document. Close it after the test. */
export function apiUnderTest(parts: ApiParts, options: ApiOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "cistern-api-"));
  const clock = { now: Date.parse("2026-07-15T12:00:30Z") };
  const now = () => new Date(clock.now);
  const randomBytes = seededBytes();
  const opened = parts.openControl({
    path: join(folder, "control.db"),
    secretKeyPath: join(folder, "secret.key"),
    now,
    randomBytes,
    passwordCost: { memoryKib: 64, passes: 1, lanes: 1 },
  });
  const { data, reader, store } = fakeReader();
  const { asked: engineAsked, engine } = fakeEngine();
  const { asked: testerAsked, tester } = fakeTester();
  const { sent, sender: alertSender } = fakeAlertSender();
  const { asked: searches, search } = fakeSearch(() => data.events);
  const { data: delivered, parts: deliveryParts } = fakeDeliveries();
  const logged: string[] = [];
  const note = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const deps = {
    ...opened,
    reader,
    store,
    reports: fakeReports(data),
    search,
    engine,
    tester,
    ...deliveryParts,
    alertSender,
    connectors: [fakeConnector],
    docs: {
      list: () => [{ path: "errors", title: "Errors" }],
      read: (path: string) => pages.get(path),
      picture: (path: string) =>
        path === "images/a.png" ? { bytes: new Uint8Array([137, 80]), type: "image/png" } : undefined,
    },
    console: undefined,
    policy: parts.serverPolicy(options.policy ?? { listenHost: "127.0.0.1" }),
    describe: (event: { readonly raw: Uint8Array }) => ({ summary: new TextDecoder().decode(event.raw).slice(0, 300) }),
    now,
    randomBytes,
    log,
    version: "1.2.3",
    startedAt: now(),
    demo: false,
    publicUrl: undefined,
    ...options.deps,
  };
  const app = parts.createApi(deps as never);
  const tokens = new Map<Role, string>();
  const tokenOf = (role: Role) => {
    const token =
      tokens.get(role) ?? opened.access.createToken({ name: role, role, expiresInDays: 30, createdBy: "test" }).text;
    tokens.set(role, token);
    return token;
  };
  const send = async (method: string, path: string, sent: Sent = {}) => {
    const answer = await plainSend(method, path, sent);
    check ??= answerCheck(await (await plainSend("GET", "/api/v1/openapi.json", { as: "viewer" })).json());
    await check(method, path, answer);
    return answer;
  };
  const plainSend = async (method: string, path: string, { as, body, headers = {}, env = {} }: Sent = {}) =>
    app.request(
      path,
      {
        method,
        headers: {
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(as !== undefined && { authorization: `Bearer ${tokenOf(as)}` }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      },
      env,
    );
  return {
    ...opened,
    app,
    data,
    engine: engineAsked,
    tester: testerAsked,
    sentAlerts: sent,
    delivered,
    searches,
    logged,
    clock,
    folder,
    deps,
    tokenOf,
    /** Below /api/v1. */
    send: (method: string, path: string, sent?: Sent) => send(method, `/api/v1${path}`, sent),
    /** Any address, its answer not compared. */
    sendTo: plainSend,
    close() {
      opened.control.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends nothing, and keeps what it was given. */
function fakeAlertSender() {
  const sent = { messages: [] as unknown[], failure: undefined as Error | undefined };
  const sender: AlertSender = {
    async send(message, to) {
      sent.messages.push({ ...message, to });
      if (sent.failure) throw sent.failure;
    },
    beat: async () => {},
  };
  return { sent, sender };
}

/** Reports that say nothing but who asked for what. */
function fakeReports(data: ReturnType<typeof fakeReader>["data"]): CompletenessReports {
  return {
    async issue(request) {
      const id = `rep_${data.reports.length + 1}`;
      const document = new TextEncoder().encode(JSON.stringify({ id, from: request.from, to: request.to }));
      const { collectorId, from, to, by: issuedBy } = request;
      const known = { issuedAt: "2026-07-15T12:00:30Z", sha256: "", publicKey: "", dataSources: [], sources: [] };
      data.reports.push({ id, collectorId, from, to, issuedBy, document, ...known });
      return { id, document };
    },
    issued: async (collectorId) =>
      data.reports
        .filter((report) => report.collectorId === collectorId)
        .map(({ document: _document, ...report }) => ({ ...report, corrections: [] })),
    document: async (id) => data.reports.find((report) => report.id === id)?.document,
    page: (document) => `<!doctype html>${new TextDecoder().decode(document)}`,
  };
}

const pages = new Map([["errors", { title: "Errors", markdown: "# Errors" }]]);

/** The same bytes in each run. */
function seededBytes() {
  let count = 0;
  return (length: number): Uint8Array => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) parts.push(createHash("sha256").update(`seed ${count++}`).digest());
    return Buffer.concat(parts).subarray(0, length);
  };
}
