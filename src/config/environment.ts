import { readFileSync } from "node:fs";
import { CollectorError } from "../model/errors.ts";
import { type Listen, parseListen } from "./listen.ts";
import { nearest } from "./nearest.ts";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Every variable that Cistern reads; docs/configuration.md is checked against this list. */
export const environmentVariables = {
  CISTERN_CONFIG: "The configuration file, where `--config` is not given.",
  CISTERN_DATA_DIR: "The data folder, where `--data-dir` is not given. Default `./data`.",
  CISTERN_LISTEN: "Address and port of the server, where `--listen` is not given. Default `127.0.0.1:7411`.",
  CISTERN_PUBLIC_URL: "The address under which browsers reach the server, where `--public-url` is not given.",
  CISTERN_TLS_CERT: "PEM file with the certificate chain, where `--tls-cert` is not given.",
  CISTERN_TLS_KEY: "PEM file with the private key, where `--tls-key` is not given.",
  CISTERN_TRUSTED_PROXY:
    "Address ranges of trusted proxies, with commas between, where `--trusted-proxy` is not given.",
  CISTERN_SECRET_KEY: "The key that secrets are encrypted with, instead of the data folder's `secret.key`.",
  CISTERN_SECRET_KEY_FILE: "A file that holds that key.",
  CISTERN_LOG_LEVEL: "`debug`, `info`, `warn`, `error` or `silent`. Default `info`.",
  HTTPS_PROXY: "Proxy for outbound https.",
  NO_PROXY: "Hosts that are reached without the proxy, with commas between.",
  NODE_EXTRA_CA_CERTS: "PEM file with further certificate authorities to trust, as where a network inspects TLS.",
  NO_COLOR: "Where it is set, nothing is printed in colour.",
} as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** The settings of the process itself, from its environment. What is not set is undefined. */
export interface Environment {
  readonly configFile: string | undefined;
  readonly dataDir: string;
  readonly listen: Listen;
  readonly publicUrl: string | undefined;
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly trustedProxies: readonly string[];
  /** As given; never to be printed. */
  readonly secretKey: string | undefined;
  readonly logLevel: LogLevel;
  readonly proxy: {
    readonly https: string | undefined;
    readonly none: string | undefined;
  };
}

export const defaultListen: Listen = { host: "127.0.0.1", port: 7411 };

/** The variables of this process. The only place, with the runtime, that looks at them. */
export const processVariables = (): Variables => process.env;

/** Reads the variables. Throws CollectorError `config_invalid`, naming the variable, where one makes no sense. */
export function readEnvironment(variables: Variables): Environment {
  const get = (name: string) => variables[name] || undefined;
  assertAuthorities(get("NODE_EXTRA_CA_CERTS"));
  return {
    configFile: get("CISTERN_CONFIG"),
    dataDir: get("CISTERN_DATA_DIR") ?? "./data",
    listen: listenOf(get("CISTERN_LISTEN")),
    publicUrl: get("CISTERN_PUBLIC_URL"),
    tlsCertFile: get("CISTERN_TLS_CERT"),
    tlsKeyFile: get("CISTERN_TLS_KEY"),
    trustedProxies: (get("CISTERN_TRUSTED_PROXY") ?? "").split(",").flatMap((item) => item.trim() || []),
    secretKey: secretKeyOf(get("CISTERN_SECRET_KEY"), get("CISTERN_SECRET_KEY_FILE")),
    logLevel: logLevelOf(get("CISTERN_LOG_LEVEL")),
    proxy: {
      https: proxyOf(get("HTTPS_PROXY") ?? get("https_proxy")),
      none: get("NO_PROXY") ?? get("no_proxy"),
    },
  };
}

function listenOf(text: string | undefined): Listen {
  if (text === undefined) return defaultListen;
  const listen = parseListen(text);
  if (!listen) throw invalid("CISTERN_LISTEN", "is not an address and a port", "Write it like 127.0.0.1:7411");
  return listen;
}

function logLevelOf(text: string | undefined): LogLevel {
  const level = logLevels.find((known) => known === (text ?? "info"));
  if (level) return level;
  const near = nearest(text ?? "", logLevels);
  const hint = near === undefined ? `Use one of ${logLevels.join(", ")}` : `Did you mean ${near}?`;
  throw invalid("CISTERN_LOG_LEVEL", "is not a log level", hint);
}

function proxyOf(text: string | undefined): string | undefined {
  if (text === undefined || (/^https?:\/\//.test(text) && URL.canParse(text))) return text;
  throw invalid("HTTPS_PROXY", "is not the address of a proxy", "Write it like http://proxy.example:3128");
}

/** Node passes over a file that it cannot use; whoever named one wants to know. */
function assertAuthorities(file: string | undefined): void {
  if (file === undefined) return;
  const remedy = "Name a PEM file with the certificate authorities to trust, each between BEGIN and END CERTIFICATE";
  const text = textOf("NODE_EXTRA_CA_CERTS", file, remedy);
  const certificates = text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END/g) ?? [];
  if (certificates.length === 0) throw invalid("NODE_EXTRA_CA_CERTS", "names a file without a certificate", remedy);
}

function secretKeyOf(value: string | undefined, file: string | undefined): string | undefined {
  if (value !== undefined && file !== undefined) {
    throw invalid("CISTERN_SECRET_KEY", "and CISTERN_SECRET_KEY_FILE are both set", "Set one of the two");
  }
  if (file === undefined) return value;
  return textOf("CISTERN_SECRET_KEY_FILE", file, "Name a file that holds the key").replace(/\r?\n$/, "");
}

function textOf(name: string, file: string, remedy: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw invalid(name, `names a file that cannot be read (${code})`, remedy);
  }
}

const invalid = (name: string, what: string, action: string) =>
  new CollectorError("config_invalid", `The environment variable ${name} ${what}`, { reason: "environment", action });
