// Connections to checked addresses only, for clients that take socket options or sockets.
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
} from "node:tls";
import type { Sockets, TlsSettings } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Host } from "./hosts.ts";

/** Node looks up names only and connects to a literal address unchecked: this name is what it gets to look up in any case. */
const TO_LOOK_UP = "looked-up-by-cistern.invalid";

/** `later`: in the clear at first, but nothing is said before it is encrypted. */
export type Encryption = "none" | "at_once" | "later";

/** For `net.connect` and `tls.connect`: checked addresses only, and in the clear only within networks that were named. */
export function dialOptions(sockets: Sockets, { name, port }: Host, encryption: Encryption) {
  const lookup: LookupFunction = (_, options, callback) =>
    sockets.lookup(name, options, (error, found, family) => {
      if (error || encryption !== "none") return callback(error, found, family);
      const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
      Promise.all(addresses.map((address) => sockets.assertMayBeClear(address))).then(
        () => callback(null, found, family),
        (reason: Error) => callback(reason, "", 0),
      );
    });
  return { host: TO_LOOK_UP, port, lookup };
}

/** The destination's TLS settings, for a certificate that has to be made out to this very name or address. */
export function tlsOptions(sockets: Sockets, name: string): ConnectionOptions {
  return {
    ...sockets.tls,
    secureContext: secureContext(sockets.tls),
    // An address may not stand there.
    ...(isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  };
}

function secureContext(settings: TlsSettings): SecureContext {
  try {
    return createSecureContext(settings);
  } catch (error) {
    throw new CollectorError("config_invalid", "The certificates in the settings cannot be read", {
      reason: "certificate_unreadable",
      action:
        "Paste certificate authority, client certificate and client key again, whole and in PEM; the key without a passphrase",
      cause: error,
    });
  }
}

/** A socket on its way to the host; `ready` is called when it is connected, and encrypted where that comes at once. */
export function dial(sockets: Sockets, host: Host, encryption: Encryption, ready?: () => void): Socket {
  const options = dialOptions(sockets, host, encryption);
  if (encryption !== "at_once") return connect(options, ready);
  return connectTls({ ...tlsOptions(sockets, host.name), ...options }, ready);
}
