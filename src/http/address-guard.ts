// Where outbound requests may go. A name is resolved once, every address it has is checked, and the connection is made to
// the very addresses that were checked, so that a second answer of the name server changes nothing.
import { lookup } from "node:dns/promises";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { CollectorError } from "../model/errors.ts";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. Rejects where it has none. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** Private, shared, link-local, documentation, benchmark, multicast and reserved ranges; the cloud metadata services lie in them. */
const DENIED_V4 = ranges("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // The metadata address of one cloud lies in a public range.
  "168.63.129.16/32",
]);

/** Only global unicast is left open, and of that nothing that wraps an IPv4 address; `::/8` holds the mapped ones. */
const DENIED_V6 = ranges("ipv6", [
  "::/8",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
]);

const LOOPBACK_V4 = ranges("ipv4", ["127.0.0.0/8"]);

/** True where a connection to this address is refused. `loopback` opens 127.0.0.0/8 and ::1, nothing else. */
export function isForbiddenAddress(address: string, loopback: boolean): boolean {
  const bare = address.replace(/%.*$/, "");
  const family = isIP(bare);
  if (family === 0) return true;
  if (isLoopbackAddress(bare)) return !loopback;
  return family === 4 ? DENIED_V4.check(bare, "ipv4") : DENIED_V6.check(bare, "ipv6");
}

/** True for `localhost` and for the loopback addresses in any spelling that a URL allows. */
export function isLoopbackHost(hostname: string): boolean {
  const name = unbracketed(hostname).toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name);
}

/** Refuses an address that must not be asked: not http or https, http elsewhere than loopback, credentials, a forbidden literal. */
export function assertPermitted(url: URL, loopback: boolean): void {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw forbidden(`An address must begin with https://, not ${url.protocol}//`);
  }
  if (url.protocol === "http:" && !(loopback && isLoopbackHost(url.hostname))) {
    throw forbidden(`Plain http is refused for ${url.hostname}: only https protects the key and the data`);
  }
  if (url.username !== "" || url.password !== "") throw forbidden("An address must not carry a user name or password");
  const literal = unbracketed(url.hostname);
  if (isIP(literal) !== 0 && isForbiddenAddress(literal, loopback)) throw forbiddenAddress(url.hostname);
}

/** The addresses of a name, all of them checked; refuses the name as a whole where one is forbidden. */
export async function resolvePermitted(resolve: Resolve, hostname: string, loopback: boolean) {
  const addresses = await resolve(hostname);
  if (addresses.length === 0)
    throw new CollectorError("unavailable", `${hostname} has no address`, { reason: "dns_failed" });
  if (addresses.some(({ address }) => isForbiddenAddress(address, loopback))) throw forbiddenAddress(hostname);
  return addresses;
}

/** A look-up for `net.connect` that hands out checked addresses only. */
export function guardedLookup(resolve: Resolve, loopback: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolvePermitted(resolve, hostname, loopback).then(
      (addresses) => {
        const wanted = options.family === 4 || options.family === 6 ? options.family : undefined;
        const usable = addresses.filter(({ family }) => wanted === undefined || family === wanted);
        const [first] = usable;
        if (first === undefined) callback(new Error(`${hostname} has no address of this family`), "", 0);
        else if (options.all) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, "", 0),
    );
  };
}

function isLoopbackAddress(address: string): boolean {
  return isIP(address) === 4 ? LOOPBACK_V4.check(address, "ipv4") : address === "::1";
}

function ranges(family: "ipv4" | "ipv6", subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net, prefix] = subnet.split("/");
    list.addSubnet(net!, Number(prefix), family);
  }
  return list;
}

const unbracketed = (hostname: string) => hostname.replace(/^\[|\]$/g, "");

const forbiddenAddress = (host: string) =>
  forbidden(`${host} is in a private, local or reserved range, where no connection is made`);

function forbidden(message: string): CollectorError {
  return new CollectorError("config_invalid", message, {
    reason: "address_forbidden",
    action: "Use the public https address of the service",
  });
}
