/** How to reach the world through a proxy. */
export interface ProxySettings {
  /** `http://` or `https://`, with user name and password where the proxy asks for them. */
  readonly url: string;
  /** Hosts asked directly: names, `.domains`, `host:port`, or `*`; the entries of NO_PROXY. */
  readonly bypass: readonly string[];
}

/** The entries of a NO_PROXY value. */
export function bypassList(noProxy: string): readonly string[] {
  return noProxy
    .split(/[\s,]+/)
    .map((entry) => entry.toLowerCase())
    .filter((entry) => entry !== "");
}

/** True where this address is asked directly although there is a proxy. */
export function bypasses(url: URL, bypass: readonly string[]): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return bypass.some((entry) => {
    if (entry === "*") return true;
    const [, name = entry, only] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
    if (only !== undefined && only !== port) return false;
    const domain = name.replace(/^\*?\./, "");
    return host === domain || host.endsWith(`.${domain}`);
  });
}
