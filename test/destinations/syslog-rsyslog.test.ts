// The syslog destination against rsyslog: what this daemon wrote to its file is what counts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { findRsyslog, provisionRsyslog } from "../../scripts/rsyslog.ts";
import { syslog } from "../../src/destinations/syslog.ts";
import { cef } from "../../src/normalize/cef.ts";
import { aBatch, anOutgoingEvent, aView } from "../../src/testing/an-outgoing-event.ts";
import { type TestAuthority, testAuthority } from "../../src/testing/certificates.ts";
import { openSender, testDestination } from "../../src/testing/destination-contract.ts";
import { skippedFor } from "./local-program.ts";
import { type RsyslogOptions, type RsyslogServer, rsyslogServer } from "./rsyslog-server.ts";

const { reason } = findRsyslog();
const isSkipped = skippedFor(reason);
const MARK = "\uFEFF";
let authority: TestAuthority;
let program = "";
const cleanUp: (() => unknown)[] = [];

describe.skipIf(isSkipped)(isSkipped ? `rsyslog (skipped: ${reason})` : "rsyslog", () => {
  beforeAll(async () => {
    authority = await testAuthority();
    const rsyslog = provisionRsyslog(process.env);
    if (rsyslog.path === undefined) throw new Error(rsyslog.reason);
    program = rsyslog.path;
  }, 300_000);
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });

  async function server(options: Partial<RsyslogOptions> = {}): Promise<RsyslogServer> {
    return await rsyslogServer(program, { tls: await authority.server(), ca: authority.cert, ...options });
  }

  async function world(options: Partial<RsyslogOptions>, settings: Readonly<Record<string, unknown>> = {}) {
    const rsyslog = await server(options);
    cleanUp.push(() => rsyslog.close());
    const folder = mkdtempSync(join(tmpdir(), "cistern-syslog-"));
    const sender = openSender(syslog, { ...settingsFor(rsyslog), ...settings }, folder);
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    cleanUp.push(() => sender.close());
    return { rsyslog, sender };
  }

  const settingsFor = ({ port }: RsyslogServer) => ({
    host: "localhost",
    port,
    ca: authority.cert,
    allow_networks: "127.0.0.0/8 ::1/128",
  });
  const signal = () => AbortSignal.timeout(20_000);

  testDestination(syslog, async () => {
    const rsyslog = await server({ clients: "x509/certvalid" });
    const { cert, key } = await authority.client("cistern");
    return {
      settings: { ...settingsFor(rsyslog), client_certificate: cert, client_key: key },
      wrongCredentials: { client_certificate: undefined, client_key: undefined },
      received: async () =>
        (await rsyslog.written())
          .filter(({ part }) => !part || part.startsWith("1/"))
          .map((message) => message.key ?? ""),
      bodyOf: async (wanted) =>
        (await rsyslog.written())
          .map((message) => (message.key === wanted ? message.text.replace(MARK, "") : ""))
          .join(""),
      stop: () => rsyslog.kill(),
      close: () => rsyslog.close(),
    };
  });

  test("writes frames of 20 kB with line feeds in them whole, where its limit was raised with ours", async () => {
    const { rsyslog, sender } = await world({ maxMessageSize: "64k" }, { max_message_bytes: 65_536 });
    const body = `{"a":1,\n"b":"${"größe🌍".repeat(1_800)}",\n\n"c":"${"x".repeat(1_000)}"}`;
    const events = [1, 2, 3].map((seq) => anOutgoingEvent({ seq, body }));
    expect(events[0]!.bytes).toBeGreaterThan(20_000);

    await sender.send(aBatch(events), signal());

    const written = await rsyslog.written();
    expect(written.map(({ key }) => key)).toEqual(events.map(({ key }) => key));
    for (const { text } of written) expect(text.replaceAll("#012", "\n")).toBe(body);
    expect(written[0]).toMatchObject({
      priority: "110",
      hostname: "cistern",
      application: "cistern",
      messageId: "CONVERSATION_MESSAGE",
      part: undefined,
    });
  });

  test("as Debian sets it up takes our longest messages whole, and parts give a long event again", async () => {
    const { rsyslog, sender } = await world({});
    const long = anOutgoingEvent({ seq: 1, body: `"${"ü🌍x".repeat(10_000)}"` });

    await sender.send(aBatch([long]), signal());

    const written = await rsyslog.written();
    expect(written.map(({ part }) => part)).toEqual(written.map((_, index) => `${index + 1}/${written.length}`));
    expect(written.map(({ text }) => text.replace(MARK, "")).join("")).toBe(long.body);
    expect(written.length).toBe(10);
  });

  test("tears what is longer than its limit: why ours must not be higher", async () => {
    const { rsyslog, sender } = await world({}, { max_message_bytes: 65_536 });
    const event = anOutgoingEvent({ body: `"${"x".repeat(10_000)}"` });

    await sender.send(aBatch([event]), signal());

    const [first, second] = await rsyslog.written();
    expect(first).toMatchObject({ key: event.key, text: expect.stringMatching(/^"x+$/) });
    expect(first?.text.length).toBeLessThan(8_096);
    expect(second?.key).toBeUndefined();
  });

  test("killed and started again gets the last events a second time, and none is missing", async () => {
    const { rsyslog, sender } = await world({});
    const events = Array.from({ length: 30 }, (_, index) => anOutgoingEvent({ seq: index + 1 }));
    await sender.send(aBatch(events.slice(0, 20)), signal());
    await rsyslog.kill();
    await expect(sender.send(aBatch(events.slice(20)), signal())).rejects.toMatchObject({ code: "unavailable" });
    await rsyslog.start();

    await sender.send(aBatch(events.slice(20)), signal());

    const keys = (await rsyslog.written()).map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set(events.map(({ key }) => key)));
    expect(keys.slice(-30)).toEqual(events.map(({ key }) => key));
  });

  test("refuses a certificate of an authority that it does not know, and we halt", async () => {
    const { cert, key } = await (await testAuthority("Another authority")).client("cistern");
    const { rsyslog, sender } = await world(
      { clients: "x509/certvalid" },
      { client_certificate: cert, client_key: key },
    );

    await expect(sender.send(aBatch([anOutgoingEvent()]), signal())).rejects.toMatchObject({
      code: "auth_failed",
      reason: "certificate_refused",
    });
    await rsyslog.kill();
  });

  test.each([false, true])("takes CEF as it is, behind a mark only where one is wanted: %s", async (wanted) => {
    const { rsyslog, sender } = await world({}, { byte_order_mark: wanted });
    const body = cef.render(aView());

    await sender.send(aBatch([anOutgoingEvent({ body })]), signal());

    expect((await rsyslog.written()).map(({ text }) => text)).toEqual([(wanted ? MARK : "") + body]);
  });
});
