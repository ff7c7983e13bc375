// Redirects to where a collector must not go: this machine, private networks, the metadata services of clouds, names that
// resolve to them, names that resolve to them the second time. Every connection that is begun is seen.
import { Socket } from "node:net";
import { CollectorError } from "../src/model/errors.ts";
import { rawServer } from "../src/testing/raw-server.ts";
import { refusalOf, wayTo } from "./feed.ts";
import { CleanUp, type Faults } from "./part.ts";

const FILE = { id: "f", endTime: "2026-03-01T00:00:00Z", size: 10, sha256: "0".repeat(64) };

/** Refused from everywhere. */
const forbidden = [
  ...["169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192", "0.0.0.0", "0.1.2.3"],
  ...["10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254", "100.64.0.1"],
  ...["192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "255.255.255.255"],
  ...[
    "[fe80::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:a00:1::]",
  ],
  ...["[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::10.0.0.1]", "[::]", "[100::1]", "[2001::1]", "[fec0::1]"],
  ...["2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.254.169.254", "169.254.43518", "167772161", "012.0.0.1"],
  ...[
    "１６９.254.169.254",
    "169。254。169。254",
    "10.1",
    "192.168.257",
    "metadata.private.example",
    "ten.private.example",
  ],
  ...["mixed.private.example", "v6.private.example", "mapped.private.example", "nothing.private.example"],
];
/** Refused where upstream is not on this machine itself. */
const loopback = [
  ...["127.0.0.1", "127.1", "127.255.255.254", "2130706433", "0x7f000001", "017700000001", "localhost", "a.localhost"],
  ...["[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::7f00:1]", "local.private.example", "LOCALHOST"],
];
/** Not an address of a file at all. */
const strange = [
  ...["http://public.example/f", "ftp://public.example/f", "file:///etc/passwd", "data:text/plain,x", "javascript:1"],
  ...["https://user:pass@public.example/f", "//10.0.0.1/f", "https:10.0.0.1/f", "https://[::1", "https://", ""],
  ...["gopher://10.0.0.1:70/_x", "unix:/var/run/docker.sock", "blob:https://public.example/1", "https://10.0.0.1:22/"],
];

const names: Readonly<Record<string, readonly string[]>> = {
  "metadata.private.example": ["169.254.169.254"],
  "ten.private.example": ["10.1.2.3"],
  "mixed.private.example": ["93.184.216.34", "10.1.2.3"],
  "v6.private.example": ["fd00::1"],
  "mapped.private.example": ["::ffff:10.1.2.3"],
  "local.private.example": ["127.0.0.1"],
  "public.example": ["93.184.216.34"],
  "nothing.private.example": [],
};
const REBINDING = "rebinding.example";
const PUBLIC = "93.184.216.34";

/** Tries every address as a redirect of a local upstream, and as a signed address of a public one. */
export async function forbiddenRedirects(faults: Faults) {
  const cleanUp = new CleanUp();
  let location = "";
  const server = await rawServer((socket) => {
    socket.write(`HTTP/1.1 307 X\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
  });
  cleanUp.add(() => server.close());
  const connections = watchConnections(server.port, cleanUp);
  const lookUps = { rebinding: 0 };
  const resolve = async (name: string) => {
    const known =
      name === REBINDING ? [lookUps.rebinding++ === 0 ? PUBLIC : "10.0.0.1"] : (names[name] ?? ["127.0.0.1"]);
    return known.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  };
  try {
    const way = wayTo(`${server.origin}/v1`, { resolve });
    cleanUp.add(() => way.outbound.close());
    const redirects = [...forbidden.map((host) => `https://${host}/f`), ...strange];
    for (location of redirects) {
      const refusal = await refusalOf(() => way.fetch(FILE));
      faults.expect(refusal !== undefined, `a redirect to ${location} was followed`);
    }
    const credential = { origin: "https://api.chatgpt.com", headers: { authorization: "Bearer sk-chaos" } };
    const upstream = way.outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: 100_000 });
    const signal = new AbortController().signal;
    const signed = [...forbidden, ...loopback].flatMap((host) => [
      `https://${host}:${server.port}/f`,
      `http://${host}/f`,
    ]);
    for (const address of signed) {
      const url = URL.parse(address);
      const get = () => (url === null ? Promise.reject(unreadable()) : upstream.getSigned(url, signal));
      faults.expect((await refusalOf(get)) !== undefined, `the signed address ${address} was asked`);
    }
    faults.expect(connections.begun.length === 0, `connections were begun to ${connections.begun.join(", ")}`);
    const begun = connections.begun.length;
    await refusalOf(() => upstream.getSigned(new URL(`https://${REBINDING}/f`), signal));
    const rebound = connections.begun.slice(begun);
    // The one public address was looked up and checked; the second answer of the name server is never asked for.
    faults.expect(
      rebound.every((address) => address === PUBLIC),
      `rebinding led to ${rebound.join(", ")}`,
    );
    faults.expect(rebound.length > 0, "the public address of a name that is rebound was not tried: nothing is proved");
    faults.expect(
      server.heads.every((head) => !head.includes(" /f ")),
      "a forbidden address was asked for the file",
    );
    return { redirects: redirects.length, signedAddresses: signed.length, rebindings: 1, forbiddenConnections: begun };
  } finally {
    await cleanUp.run();
  }
}

const unreadable = () => new CollectorError("protocol", "Not an address");

/** Every address but the server's own to which a connection is begun. None of them leaves this machine. */
function watchConnections(ownPort: number, cleanUp: CleanUp): { readonly begun: readonly string[] } {
  const begun: string[] = [];
  const connect = Socket.prototype.connect;
  const watched = function (this: Socket, ...args: unknown[]) {
    const options = (Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]) as { host?: string; port?: unknown };
    const isOwn = options.host === "127.0.0.1" && Number(options.port) === ownPort;
    const stop = (address: string) => {
      begun.push(address);
      this.destroy(Object.assign(new Error("held back"), { code: "ECONNREFUSED" }));
    };
    if (!isOwn) {
      this.on("lookup", (error: Error | null, address: string) => error === null && stop(address));
      this.on("connectionAttempt", (address: string) => stop(address));
    }
    return Reflect.apply(connect, this, args) as Socket;
  };
  Reflect.set(Socket.prototype, "connect", watched);
  cleanUp.add(() => Reflect.set(Socket.prototype, "connect", connect));
  return { begun };
}
