// What deliveries are measured against: a server, and the plainest client of it.

/** What a client has to know of a server that runs elsewhere. Travels as JSON. */
export interface Facts {
  /** As a person would enter them for the destination. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** An access token, where the bare client would have to sign in for one. */
  readonly token?: string;
}

export interface Served extends Facts {
  close(): Promise<unknown> | unknown;
}

/** An event as a bare client sends it. */
export interface Line {
  readonly key: string;
  readonly body: string;
}

export interface BareClient {
  /** Resolves once the server has acknowledged them all, where it can. */
  send(lines: readonly Line[]): Promise<unknown>;
  close?(): Promise<unknown> | unknown;
}

export interface Target {
  /** The kind of destination. */
  readonly kind: string;
  /** The server, for people. */
  readonly server: string;
  /** Why it cannot be measured here; undefined where it can. */
  missing?(): Promise<string | undefined>;
  /** Starts the server; runs in a process of its own. */
  serve(): Promise<Served>;
  client(facts: Facts): Promise<BareClient>;
}

export const LOOPBACK = { allow_networks: "127.0.0.0/8 ::1/128" };

/** A text among the settings. */
export const textIn = ({ settings }: Facts, name: string): string => String(settings[name]);
