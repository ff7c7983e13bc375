import type { AlertChannel, ChannelBody, ChannelKind } from "../hooks/useAlerts.ts";

/** What the form of a channel holds: texts, as people type them. Secrets are empty where one is stored and stays. */
export interface ChannelForm {
  readonly kind: ChannelKind;
  readonly name: string;
  readonly critical: boolean;
  readonly enabled: boolean;
  readonly url: string;
  readonly secret: string;
  readonly host: string;
  readonly port: string;
  readonly security: string;
  readonly from: string;
  readonly to: string;
  readonly username: string;
  readonly password: string;
}

export const emptyChannel: ChannelForm = {
  kind: "webhook",
  name: "",
  critical: false,
  enabled: true,
  url: "",
  secret: "",
  host: "",
  port: "587",
  security: "starttls",
  from: "",
  to: "",
  username: "",
  password: "",
};

/** The form of a channel that is there. */
export function formOf({ kind, name, leastSeverity, enabled, settings }: AlertChannel): ChannelForm {
  const text = (name: string) => (settings[name] === undefined ? "" : String(settings[name]));
  return {
    ...emptyChannel,
    kind,
    name,
    critical: leastSeverity === "critical",
    enabled,
    url: text("url"),
    ...(kind === "email" && {
      host: text("host"),
      port: text("port"),
      security: text("security"),
      from: text("from"),
      to: Array.isArray(settings.to) ? settings.to.join(", ") : "",
      username: text("username"),
    }),
  };
}

/** What is sent: only what belongs to the kind, and no empty secret. */
export function bodyOf(form: ChannelForm): ChannelBody & { readonly kind: ChannelKind } {
  const { kind, name, critical, enabled } = form;
  return {
    kind,
    name: name.trim(),
    leastSeverity: critical ? "critical" : "warning",
    enabled,
    settings: filled(settingsOf(form)),
  };
}

function settingsOf(form: ChannelForm): Readonly<Record<string, unknown>> {
  const { kind, url, secret, host, port, security, from, to, username, password } = form;
  if (kind === "webhook") return { url: url.trim(), secret: secret.trim() };
  if (kind === "slack") return { url: url.trim() };
  const receivers = to.split(/[\s,;]+/).filter((address) => address !== "");
  return {
    host: host.trim(),
    port: Number(port),
    security,
    from: from.trim(),
    to: receivers,
    username: username.trim(),
    password,
  };
}

const filled = (settings: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));
