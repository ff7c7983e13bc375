// Where alerts may be sent: the guard of everything outbound, opened for the private ranges that somebody has named.
import { isIP, type LookupFunction } from "node:net";
import { CollectorError } from "../model/errors.ts";
import { namedAddresses } from "../model/private-networks.ts";
import { isForbiddenAddress, type Resolve } from "./address-guard.ts";

export interface Permitted {
  /** Whether a connection to this address may be made. */
  has(address: string): boolean;
  /** Whether the address is open only because somebody has named its range; then plain http and no encryption are allowed too. */
  isNamed(address: string): boolean;
}

/** The ranges of `allowNetworks`, and every public address. What is no range within the openable ones opens nothing. */
export function permitted(allowNetworks: readonly string[]): Permitted {
  const named = namedAddresses(allowNetworks);
  const isNamed = (address: string) => named(address.replace(/%.*$/, ""));
  return { isNamed, has: (address) => isNamed(address) || !isForbiddenAddress(address, false) };
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
      action: "Use a public address, or name its range under allow_networks",
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
