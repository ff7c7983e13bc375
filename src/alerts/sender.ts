import { type Resolve, systemResolve } from "../http/address-guard.ts";
import { permitted } from "../http/permitted.ts";
import type { ProxySettings } from "../http/proxy.ts";
import { signedHeaders } from "../http/webhook-signature.ts";
import type { AlertSender } from "../model/alerts.ts";
import { CollectorError } from "../model/errors.ts";
import { sendMail } from "./mail.ts";
import { type ConsoleAddress, headlineOf, jsonOf, slackOf, textOf } from "./message.ts";
import { post } from "./post.ts";

export interface SenderOptions {
  readonly now: () => Date;
  readonly version: string;
  readonly proxy?: ProxySettings | undefined;
  /** Where links lead. */
  readonly console: () => ConsoleAddress;
  readonly resolve?: Resolve;
}

/** Sends notices to channels of every kind. */
export function createAlertSender(options: SenderOptions): AlertSender {
  const { now, proxy, version, resolve = systemResolve } = options;
  const posting = { resolve, now, version, proxy };
  return {
    async send({ id, notice }, { channel, secrets, allowNetworks }, signal) {
      const allowed = permitted(allowNetworks);
      const console = options.console();
      if (channel.kind === "email") {
        const mail = { id, subject: `[Cistern] ${headlineOf(notice)}`, text: textOf(notice, console) };
        return await sendMail(mail, { settings: channel.settings, password: secrets.password }, { resolve, allowed });
      }
      const slack = channel.kind === "slack";
      const body = slack ? slackOf(notice, console) : jsonOf(notice, console);
      const url = addressOf(slack ? secrets.url : channel.settings.url);
      const signed = slack ? {} : signedHeaders(id, now(), body, [signingSecret(secrets)]);
      await post({ url, headers: signed, body, allowed, signal }, posting);
    },
    async beat(url, allowNetworks, signal) {
      const allowed = permitted(allowNetworks);
      await post({ url: addressOf(url), headers: {}, body: "{}", allowed, signal }, posting);
    },
  };
}

function addressOf(url: unknown): URL {
  if (typeof url === "string" && URL.canParse(url)) return new URL(url);
  throw missing("The channel has no address", "Enter the channel's address again");
}

function signingSecret({ secret }: Readonly<Record<string, string>>): string {
  if (secret !== undefined) return secret;
  throw missing("The webhook has no secret to sign with", "Enter a secret, or have a new one made");
}

const missing = (message: string, action: string) =>
  new CollectorError("config_invalid", message, { reason: "alert_incomplete", action });
