// Microsoft Sentinel through the Logs Ingestion API of Azure Monitor: rows of one table, taken by a data collection rule. The
// service answers for a whole call and for no row, drops columns that the rule does not declare, and knows no repeats.
import { defineDestination, type Sender, type SenderContext } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import type { OutgoingEvent } from "../model/outgoing.ts";
import { type AccessTokens, accessTokens, askWithToken, tokenIn } from "./parts/access-token.ts";
import { gzipped } from "./parts/gzip.ts";
import { deliveryError, signInError } from "./parts/sentinel-answers.ts";
import { sentinelRow } from "./parts/sentinel-columns.ts";
import { SentinelSettings } from "./parts/sentinel-settings.ts";
import { signInAndDeliver } from "./parts/sign-in-and-deliver.ts";

/** Of one call, before and after compression. */
const LONGEST_CALL = 1_000_000;
const API_VERSION = "2023-01-01";

export const sentinel = defineDestination<SentinelSettings>({
  name: "sentinel",
  title: "Microsoft Sentinel",
  description: "Writes each event as a row of a table in a Log Analytics workspace, through the Logs Ingestion API.",
  group: "siem",
  settings: SentinelSettings,
  address: ["endpoint", "authority_host"],
  formats: ["raw"],
  guarantee: "at_least_once",
  guaranteeNote:
    "Nothing is lost, but after a broken connection an event can stand in the table twice, with the same EventKey.",
  // Below the limit of a call, because text grows when it becomes a field of a row.
  limits: { events: 1_000, bytes: 700_000 },
  maxAgeMs: 5_000,
  concurrency: 4,
  open: openSentinel,
});

function openSentinel(context: SenderContext<SentinelSettings>): Sender {
  const { settings, now, monotonicMs } = context;
  const tokens = accessTokens((signal) => signIn(context, signal), monotonicMs);
  const deliver = async (events: readonly OutgoingEvent[], signal: AbortSignal) => {
    signal.throwIfAborted();
    const rows = events.map(sentinelRow);
    const body = await bodyOf(rows);
    await post({ ...context, tokens }, body, signal);
    return rows;
  };
  return {
    async send({ events }, signal) {
      const rows = await deliver(events, signal);
      const cut = rows.filter(({ Truncated }) => Truncated).length;
      return { warning: cut === 0 ? undefined : `${cut} of ${rows.length} rows had a field over 64 KB, which was cut` };
    },
    check: (test, signal) =>
      signInAndDeliver({
        now,
        title: "Sign in to Microsoft Entra ID",
        async signIn() {
          await tokens.renew(signal);
          return `${new URL(settings.authority_host).host} issued a token`;
        },
        async deliver() {
          await deliver([test], signal);
          return `The rule took the row with the EventKey ${test.key}; it shows in the table after some minutes`;
        },
      }),
    close: async () => undefined,
  };
}

async function signIn({ settings, outlet, now }: SenderContext<SentinelSettings>, signal: AbortSignal) {
  const url = new URL(`${withoutSlash(settings.authority_host)}/${settings.tenant_id}/oauth2/v2.0/token`);
  const form = {
    grant_type: "client_credentials",
    client_id: settings.client_id,
    client_secret: settings.client_secret,
    scope: settings.scope,
  };
  const answer = await outlet.request(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams(form).toString(),
    signal,
  });
  if (answer.status !== 200)
    throw signInError(answer, { host: url.host, now: now(), secrets: [settings.client_secret] });
  return tokenIn(answer, url.host);
}

async function bodyOf(rows: readonly unknown[]): Promise<Uint8Array> {
  const plain = JSON.stringify(rows);
  const packed = await gzipped(plain);
  const bytes = Math.max(Buffer.byteLength(plain), packed.length);
  if (bytes > LONGEST_CALL)
    throw new CollectorError("rejected", `The rows are ${bytes} bytes; a call may have ${LONGEST_CALL}`, {
      reason: "too_large",
      action: "Nothing: they are sent in smaller pieces",
    });
  return packed;
}

interface SignedIn extends SenderContext<SentinelSettings> {
  readonly tokens: AccessTokens;
}

async function post({ settings, outlet, now, tokens }: SignedIn, body: Uint8Array, signal: AbortSignal): Promise<void> {
  const path = `dataCollectionRules/${settings.dcr_id}/streams/${settings.stream}`;
  const url = new URL(`${withoutSlash(settings.endpoint)}/${path}?api-version=${API_VERSION}`);
  const secrets: string[] = [settings.client_secret];
  const answer = await askWithToken(tokens, signal, (token) => {
    secrets.push(token);
    return outlet.request(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-encoding": "gzip",
      },
      body,
      signal,
    });
  });
  if (answer.status !== 204) throw deliveryError(answer, { host: url.host, now: now(), secrets });
}

const withoutSlash = (url: string) => url.replace(/\/+$/, "");
