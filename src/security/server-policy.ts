// Which requests the server believes: host names it answers to, and the proxies whose forwarded headers count.
import { BlockList, isIP } from "node:net";
import type { Caller, ServerPolicy } from "../model/access.ts";
import { CollectorError } from "../model/errors.ts";

export interface ServerPolicySettings {
  /** The host part of the address it listens on. */
  readonly listenHost: string;
  /** The URL under which people reach it, where that is another one. */
  readonly publicUrl?: string | undefined;
  /** Further host names it answers to, without ports. */
  readonly hosts?: readonly string[] | undefined;
  /** Addresses or CIDR ranges whose X-Forwarded-* headers count. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** The rules for this server. Throws `config_invalid` where an address or a range cannot be read. */
export function serverPolicy(settings: ServerPolicySettings): ServerPolicy {
  const known = knownHosts(settings);
  const proxies = addressRanges(settings.trustedProxies ?? []);
  // For a proxy that says nothing of the scheme.
  const publicScheme = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).protocol.slice(0, -1);
  return {
    caller({ peer, tls, host, header }): Caller {
      const peerIp = plainAddress(peer ?? "");
      const viaProxy = proxies(peerIp);
      const shownHost = (viaProxy && lastOf(header("x-forwarded-host"))) || host;
      const name = hostName(shownHost);
      return {
        ip: viaProxy ? firstUntrusted(header("x-forwarded-for"), proxies, peerIp) : peerIp,
        https: tls || (viaProxy && (lastOf(header("x-forwarded-proto")) || publicScheme) === "https"),
        host: shownHost.toLowerCase(),
        hostKnown: name !== undefined && known.has(name),
        loopback: name !== undefined && isLoopback(name),
        inTheClear: peer !== undefined && !tls && !viaProxy && !isLoopback(peerIp),
      };
    },
  };
}

/** Whether a host name or address without port is this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  const plain = plainAddress(name);
  return isIP(plain) === 4 && plain.startsWith("127.");
}

/** A test for addresses within the ranges: `10.0.0.0/8`, `fd00::/8` or single addresses. */
export function addressRanges(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}

function addRange(list: BlockList, range: string) {
  const [address = "", bits] = range.trim().split("/");
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? widest : Number(bits);
  if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > widest || bits === "")
    throw new CollectorError("config_invalid", `"${range}" is not an address or a range such as 10.0.0.0/8`, {
      reason: "trusted_proxy_malformed",
      action: "Correct the trusted proxy's address.",
    });
  list.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6");
}

function knownHosts({ listenHost, publicUrl, hosts = [] }: ServerPolicySettings): ReadonlySet<string> {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  const listening = hostName(listenHost.includes(":") && !listenHost.startsWith("[") ? `[${listenHost}]` : listenHost);
  if (listening !== undefined) known.add(listening);
  for (const name of ["localhost", "127.0.0.1", "::1"]) known.add(name);
  if (publicUrl !== undefined) known.add(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ""));
  return known;
}

/** The name in a Host header, without port and brackets; undefined where the header is none. */
function hostName(host: string): string | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  return (parts?.[1] ?? parts?.[2])?.toLowerCase().replace(/\.$/, "");
}

/** An IPv4 address that came in IPv6 clothes, as IPv4. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "");

const listOf = (value: string | undefined) => (value ?? "").split(",").map((part) => part.trim());
const lastOf = (value: string | undefined) => listOf(value).at(-1);

// Each proxy appends the address it saw: the caller is the last one that no trusted proxy owns.
function firstUntrusted(forwarded: string | undefined, trusted: (ip: string) => boolean, peer: string): string {
  const chain = listOf(forwarded).map(plainAddress).reverse();
  for (const address of chain) {
    if (isIP(address) === 0) break;
    if (!trusted(address)) return address;
  }
  return peer;
}
