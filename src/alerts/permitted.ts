// Where alerts may be sent: the guard of everything outbound, opened for the private ranges that somebody has named.
import { BlockList, isIP, type LookupFunction } from "node:net";
import { isForbiddenAddress, type Resolve } from "../http/address-guard.ts";
import { CollectorError } from "../model/errors.ts";

/** Ranges that can be opened: this machine, private networks, shared addresses. Those of metadata services cannot. */
const OPENABLE = blockList([
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "::1/128",
  "fc00::/7",
]);
/** Metadata services that lie within them. */
const NEVER = blockList(["100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128"]);

export interface Permitted {
  /** Whether a connection to this address may be made. */
  has(address: string): boolean;
  /** Whether the address is open only because somebody has named its range; then plain http and no encryption are allowed too. */
  isNamed(address: string): boolean;
}

/** The ranges of `allowNetworks`, and every public address. What is no range within the openable ones opens nothing. */
export function permitted(allowNetworks: readonly string[]): Permitted {
  const named = blockList(allowNetworks.filter(isOpenableRange));
  const isNamed = (address: string) => {
    const bare = address.replace(/%.*$/, "");
    return check(named, bare) && check(OPENABLE, bare) && !check(NEVER, bare);
  };
  return { isNamed, has: (address) => isNamed(address) || !isForbiddenAddress(address, false) };
}

/** Whether the text is a range, as CIDR, that may be opened. */
export function isOpenableRange(range: string): boolean {
  const [network = "", prefix = ""] = range.split("/");
  const family = isIP(network);
  if (family === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  return check(OPENABLE, network) && Number(prefix) >= (family === 4 ? 8 : 7);
}

/** The addresses of a host, every one permitted; refuses the name as a whole where one is not. */
export async function permittedAddresses(resolve: Resolve, host: string, allowed: Permitted) {
  const literal = host.replace(/^\[|\]$/g, "");
  const family = isIP(literal);
  const addresses = family === 0 ? await resolve(host) : [{ address: literal, family }];
  if (addresses.length === 0)
    throw new CollectorError("unavailable", `${host} has no address`, { reason: "dns_failed" });
  if (!addresses.every(({ address }) => allowed.has(address)))
    throw new CollectorError("config_invalid", `${host} is in a private, local or reserved range`, {
      reason: "address_forbidden",
      action: "Use a public address, or name the range under allow_networks of the alerts",
    });
  return addresses;
}

/** For `net.connect`: checked addresses only, so that a second answer of the name server changes nothing. */
export function permittedLookup(resolve: Resolve, allowed: Permitted): LookupFunction {
  return (hostname, options, callback) => {
    permittedAddresses(resolve, hostname, allowed).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, [...addresses]);
        else callback(null, first!.address, first!.family);
      },
      (error: Error) => callback(error, "", 0),
    );
  };
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, prefix] = range.split("/");
    list.addSubnet(network!, Number(prefix), isIP(network!) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

const check = (list: BlockList, address: string) =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
