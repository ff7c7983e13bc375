/** Where a server listens. */
export interface Listen {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** Reads `127.0.0.1:7411`, `[::1]:7411` or `localhost:7411`; undefined where the text is not an address and a port. */
export function parseListen(text: string): Listen | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const port = Number(match[3]);
  return port > 65_535 ? undefined : { host: match[1] ?? match[2]!, port };
}

/** `http://[::1]:7411` needs brackets around an IPv6 address; nothing else does. */
export const hostText = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** Whether only this machine can reach the address. Names other than `localhost` are not looked up. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  return bare === "localhost" || bare.endsWith(".localhost") || bare === "::1" || /^127(\.\d{1,3}){3}$/.test(bare);
}
