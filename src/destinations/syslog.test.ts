import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { type TestAuthority, testAuthority } from "../testing/certificates.ts";
import { type OtherSide, openSender, testDestination } from "../testing/destination-contract.ts";
import { type SyslogServer, type SyslogServerOptions, syslogServer } from "../testing/syslog-server.ts";
import { SyslogSettings } from "./parts/syslog-settings.ts";
import { syslog } from "./syslog.ts";

const LOOPBACK = { host: "127.0.0.1", allow_networks: "127.0.0.0/8 ::1/128" };
let authority: TestAuthority;
const cleanUp: (() => unknown)[] = [];

beforeAll(async () => {
  authority = await testAuthority();
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function server(options?: SyslogServerOptions): Promise<SyslogServer> {
  const made = await syslogServer(options);
  cleanUp.push(() => made.close());
  return made;
}

function sender(port: number, settings: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "cistern-syslog-"));
  const opened = openSender(syslog, { ...LOOPBACK, port, transport: "tcp", ...settings }, folder);
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  cleanUp.push(() => opened.close());
  return opened;
}

const signal = () => AbortSignal.timeout(20_000);
const events = (count: number, from = 1) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: from + i }));
const keysAt = async (receiver: SyslogServer) => {
  await receiver.quiet();
  return receiver.messages.map(({ data }) => data.key);
};

function otherSide(receiver: SyslogServer, settings: Readonly<Record<string, unknown>>): OtherSide {
  return {
    settings: { ...LOOPBACK, port: receiver.port, ...settings },
    received: async () => {
      await receiver.quiet();
      const first = receiver.messages.filter(({ data }) => !data.part || data.part.startsWith("1/"));
      return first.map(({ data }) => data.key ?? "");
    },
    bodyOf: async (key) => {
      await receiver.quiet();
      const parts = receiver.messages.filter(({ data }) => data.key === key);
      return parts.map(({ text }) => text).join("");
    },
    stop: () => receiver.close(),
    close: () => receiver.close(),
  };
}

describe("over TLS, octet-counted, towards a receiver that wants to know us", () => {
  testDestination(syslog, async () => {
    const receiver = await syslogServer({ tls: { ...(await authority.server()), ca: authority.cert } });
    const { cert, key } = await authority.client("cistern");
    const certificate = { client_certificate: cert, client_key: key };
    return {
      ...otherSide(receiver, { ca: authority.cert, ...certificate }),
      wrongCredentials: { client_certificate: undefined, client_key: undefined },
    };
  });
});

describe("over TCP, a line for each message", () => {
  testDestination(syslog, async () =>
    otherSide(await syslogServer({ framing: "newline" }), { transport: "tcp", framing: "newline" }),
  );
});

describe("a connection", () => {
  test("serves one batch after the other", async () => {
    const receiver = await server();
    const { send } = sender(receiver.port);

    for (const from of [1, 11, 21]) await send(aBatch(events(10, from)), signal());

    expect(await keysAt(receiver)).toEqual(events(30).map(({ key }) => key));
    expect(receiver.connections()).toBe(1);
  });

  test.each(["hangUp", "breakOff"] as const)(
    "that the receiver ends (%s) is made anew, with the last events first",
    async (ends) => {
      const receiver = await server();
      const { send } = sender(receiver.port, { resend_events: 3 });
      await send(aBatch(events(5)), signal());
      await receiver.quiet();
      receiver[ends]();
      await receiver.quiet();

      await send(aBatch(events(2, 6)), signal());

      const keys = events(7).map(({ key }) => key);
      expect(await keysAt(receiver)).toEqual([...keys.slice(0, 5), ...keys.slice(2, 5), ...keys.slice(5)]);
      expect(receiver.connections()).toBe(2);
    },
  );

  test("that breaks before the receiver has read anything loses nothing of the last batch", async () => {
    const receiver = await server();
    const { send } = sender(receiver.port);
    await send(aBatch(events(1)), signal());
    await receiver.quiet();
    receiver.read(false);
    await send(aBatch(events(50, 2)), signal());
    receiver.breakOff();
    receiver.read(true);
    await receiver.quiet();

    await send(aBatch(events(1, 52)), signal());

    const keys = events(52).map(({ key }) => key);
    expect(await keysAt(receiver)).toEqual([keys[0], ...keys]);
  });

  test("that is new sends nothing again where nothing shall be", async () => {
    const receiver = await server();
    const { send } = sender(receiver.port, { resend_events: 0 });
    await send(aBatch(events(3)), signal());
    await receiver.quiet();
    receiver.hangUp();
    await receiver.quiet();

    await send(aBatch(events(1, 4)), signal());

    expect(await keysAt(receiver)).toEqual(events(4).map(({ key }) => key));
  });

  test("whose receiver takes nothing more is given up", async () => {
    const receiver = await server();
    receiver.read(false);
    const { send } = sender(receiver.port, { write_timeout_seconds: 1, max_message_bytes: 1_048_576 });
    const large = Array.from({ length: 40 }, (_, seq) => anOutgoingEvent({ seq, body: `"${"x".repeat(300_000)}"` }));

    await expect(send(aBatch(large), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "write_timeout",
      action: expect.stringMatching(/\S/),
    });
  });

  test("stops in the middle of a batch when it is aborted", async () => {
    const receiver = await server();
    receiver.read(false);
    const { send } = sender(receiver.port);
    const large = Array.from({ length: 40 }, (_, seq) => anOutgoingEvent({ seq, body: `"${"x".repeat(300_000)}"` }));
    const stop = new AbortController();

    const sent = send(aBatch(large), stop.signal);
    setTimeout(() => stop.abort(new Error("stopped")), 300);

    await expect(sent).rejects.toThrow("stopped");
  });

  test("is not made where nobody listens", async () => {
    const receiver = await server();
    await receiver.close();

    await expect(sender(receiver.port).send(aBatch(events(1)), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "connection_refused",
    });
  });
});

describe("TLS", () => {
  const send = (port: number, settings: Readonly<Record<string, unknown>>) =>
    sender(port, { transport: "tls", ...settings }).send(aBatch(events(1)), signal());

  test("trusts no certificate of an authority that nobody named", async () => {
    const receiver = await server({ tls: await authority.server() });

    await expect(send(receiver.port, {})).rejects.toMatchObject({
      code: "unavailable",
      reason: "certificate_untrusted",
    });
    expect(receiver.messages).toEqual([]);
  });

  test("asks for the name that stands in the settings", async () => {
    const { cert, key } = await authority.server();
    const receiver = await server({ tls: { cert, key } });

    await send(receiver.port, { host: "localhost", ca: authority.cert });
    await expect(send(receiver.port, { host: "127.0.0.2", ca: authority.cert })).rejects.toMatchObject({
      reason: expect.stringMatching(/^(?:certificate_name|connection_refused)$/),
    });
    expect(await keysAt(receiver)).toHaveLength(1);
  });

  test("tells that the receiver wants a certificate of ours, before anything is taken for sent", async () => {
    const receiver = await server({ tls: { ...(await authority.server()), ca: authority.cert } });

    await expect(send(receiver.port, { ca: authority.cert })).rejects.toMatchObject({
      code: "auth_failed",
      reason: "certificate_refused",
      action: expect.stringContaining("client certificate"),
    });
  });

  test("with a certificate that is refused without a word is no success either", async () => {
    const receiver = await server({ tls: { ...(await authority.server()), ca: authority.cert } });
    const { cert, key } = await (await testAuthority("Another authority")).client("cistern");

    await expect(
      send(receiver.port, { ca: authority.cert, client_certificate: cert, client_key: key }),
    ).rejects.toMatchObject({ code: "unavailable", reason: "hung_up_at_once" });
  });

  test("is not done without towards a host outside the named networks", async () => {
    const receiver = await server();

    await expect(
      sender(receiver.port, { allow_networks: "10.0.0.0/8" }).send(aBatch(events(1)), signal()),
    ).rejects.toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    expect(receiver.connections()).toBe(0);
  });
});

test.each([
  [{ host: "a b" }, "host", "expected a host name or an address, without a port"],
  [{ host: "h:514" }, "host", "expected a host name or an address, without a port"],
  [{ port: 0 }, "port", "expected a whole number, 1 to 65535"],
  [{ transport: "udp" }, "transport", "expected tls or tcp"],
  [{ facility: 24 }, "facility", "expected a whole number, 0 to 23"],
  [{ hostname: "a b" }, "hostname", "expected 1 to 255 printable ASCII characters without spaces"],
  [{ app_name: "ü" }, "app_name", "expected 1 to 48 printable ASCII characters without spaces"],
  [{ structured_data_id: "cistern" }, "structured_data_id", /^expected a name, @ and an enterprise number/],
  [{ structured_data_id: "a]b@1" }, "structured_data_id", /^expected a name, @ and an enterprise number/],
  [{ max_message_bytes: 480 }, "max_message_bytes", "expected a whole number, 2048 to 1048576"],
  [{ long_messages: "drop" }, "long_messages", "expected split or cut"],
])("settings %j are refused", (given, field, message) => {
  const { error } = SyslogSettings.safeParse({ host: "syslog.example.com", ...given });

  expect(error?.issues.map(({ path }) => path[0])).toContain(field);
  expect(error?.issues.find(({ path }) => path[0] === field)?.message).toMatch(message);
});
