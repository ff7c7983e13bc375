// Certificates for tests of TLS, made anew each time: an authority that nobody trusts until told to, and what it issues.
import { generate } from "selfsigned";

export interface TestCertificate {
  /** In PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface TestAuthority extends TestCertificate {
  /** For a server on loopback that also answers to these names. */
  server(...names: readonly string[]): Promise<TestCertificate>;
  /** For a client that proves itself. */
  client(name: string): Promise<TestCertificate>;
}

/** An authority of its own. Making it takes some milliseconds; once for each test file is enough. */
export async function testAuthority(name = "Cistern test authority"): Promise<TestAuthority> {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const authority = { cert: made.cert, key: made.private };
  return {
    ...authority,
    server: (...names) => issue(authority, names[0] ?? "localhost", names, "serverAuth"),
    client: (client) => issue(authority, client, [], "clientAuth"),
  };
}

async function issue(
  ca: TestCertificate,
  name: string,
  names: readonly string[],
  usage: "serverAuth" | "clientAuth",
): Promise<TestCertificate> {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    ca,
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", [usage]: true },
      {
        name: "subjectAltName",
        altNames: [
          ...["localhost", ...names].map((value) => ({ type: 2 as const, value })),
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
