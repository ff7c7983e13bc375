// Google SecOps through logs:import of the Chronicle API: the whole batch is taken or refused, and one that came before is discarded.
import { defineDestination, type Sender, type SenderContext } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import type { OutgoingEvent } from "../model/outgoing.ts";
import { type AccessTokens, accessTokens, askWithToken } from "./parts/access-token.ts";
import { importError, isTaken } from "./parts/secops-answers.ts";
import { importBody, instanceName } from "./parts/secops-logs.ts";
import { SecopsSettings } from "./parts/secops-settings.ts";
import { serviceAccountIn, serviceAccountToken } from "./parts/service-account.ts";
import { signInAndDeliver } from "./parts/sign-in-and-deliver.ts";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
/** Of one request. */
const LONGEST_REQUEST = 4_000_000;

export const googleSecops = defineDestination<SecopsSettings>({
  name: "google-secops",
  title: "Google SecOps",
  description: "Imports each event as a raw log of one log type, through the Chronicle API.",
  group: "siem",
  settings: SecopsSettings,
  address: ["location", "endpoint"],
  formats: ["raw", "exabeam-raw", "ecs", "ocsf", "ocsf-1.9", "cef", "leef"],
  guarantee: "deduplicated_for_a_while",
  guaranteeNote:
    "Nothing is lost, and a batch that is sent again unchanged is discarded by Google; how long Google remembers it is not published.",
  // Base64 and the labels make about 1 MB of this, a quarter of what is accepted.
  limits: { events: 500, bytes: 600_000, eventBytes: 2_900_000 },
  maxAgeMs: 5_000,
  concurrency: 4,
  open: openGoogleSecops,
});

function openGoogleSecops(context: SenderContext<SecopsSettings>): Sender {
  const { settings, now, monotonicMs } = context;
  const account = serviceAccountIn(settings.service_account_key)!;
  const tokens = accessTokens((signal) => serviceAccountToken(account, SCOPE, { ...context, signal }), monotonicMs);
  return {
    async send({ events }, signal) {
      await importLogs({ ...context, tokens }, events, signal);
      return {};
    },
    check: (test, signal) =>
      signInAndDeliver({
        now,
        title: "Sign in as the service account",
        async signIn() {
          await tokens.renew(signal);
          return `${new URL(account.tokenUri).host} issued a token for ${account.email}`;
        },
        async deliver() {
          await importLogs({ ...context, tokens }, [test], signal);
          return `Taken as ${settings.log_type}; a raw log search for ${test.key} finds it after some minutes`;
        },
      }),
    close: async () => undefined,
  };
}

interface SignedIn extends SenderContext<SecopsSettings> {
  readonly tokens: AccessTokens;
}

async function importLogs(
  { settings, outlet, now, tokens }: SignedIn,
  events: readonly OutgoingEvent[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const body = importBody(settings, events);
  assertFits(Buffer.byteLength(body));
  const url = importUrl(settings);
  const secrets: string[] = [];
  const answer = await askWithToken(tokens, signal, (token) => {
    secrets.push(token);
    return outlet.request(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
      signal,
    });
  });
  if (!isTaken(answer)) throw importError(answer, { host: url.host, now: now(), secrets });
}

function assertFits(bytes: number): void {
  if (bytes <= LONGEST_REQUEST) return;
  throw new CollectorError("rejected", `The logs are ${bytes} bytes; a request may have ${LONGEST_REQUEST}`, {
    reason: "too_large",
    action: "Nothing: they are sent in smaller pieces",
  });
}

function importUrl(settings: SecopsSettings): URL {
  const origin = settings.endpoint ?? `https://${settings.location}-chronicle.googleapis.com`;
  return new URL(
    `${origin.replace(/\/+$/, "")}/v1alpha/${instanceName(settings)}/logTypes/${settings.log_type}/logs:import`,
  );
}
