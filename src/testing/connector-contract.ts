// What every connector has to keep, whatever product it reads. Called once in the connector's own tests.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createOutbound, type Outbound } from "../http/outbound.ts";
import type { CheckStep } from "../model/check.ts";
import type { Connector, DataSource, FeedContext } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import { secretFields, settingFields } from "../model/settings-fields.ts";
import { fakeClock } from "./fake-clock.ts";
import { type RawServer, rawAnswer, rawServer } from "./raw-server.ts";

/** What the suite must know of a product. */
export interface ConnectorFacts {
  /** Settings as a person would enter them, with every data source usable; the API answers at `baseUrl`. */
  readonly settings: (baseUrl: string) => Readonly<Record<string, unknown>>;
  /** Bodies of list answers: one without files, one with this file. */
  readonly emptyPage: string;
  readonly pageOf: (fileId: string) => string;
  /** What the API answers to a download, so that the file comes from `signedUrl`. */
  readonly download: (signedUrl: string) => string;
  /** A line of the product and what it says of itself. */
  readonly line: { readonly text: string; readonly id: string; readonly time: string; readonly type: string };
}

const AFTER = "2026-07-15T12:00:00Z";

export function testConnector(connector: Connector, facts: ConnectorFacts): void {
  let api: RawServer;
  let storage: RawServer;
  let outbound: Outbound;
  let answer = (_head: string) => rawAnswer(200, facts.emptyPage);

  beforeEach(async () => {
    answer = () => rawAnswer(200, facts.emptyPage);
    api = await rawServer((socket, head) => socket.write(answer(head)));
    storage = await rawServer((socket) => socket.write(rawAnswer(200, `${facts.line.text}\n`)));
    outbound = createOutbound({ ...fakeClock(), version: "0.0.0" });
  });

  afterEach(async () => {
    await outbound.close();
    await Promise.all([api.close(), storage.close()]);
  });

  const settings = (): unknown => connector.settings.parse(facts.settings(`${api.origin}/v1`));
  const context = (signal = new AbortController().signal): FeedContext<unknown> => {
    const credential = connector.credential(settings());
    const upstream = outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: 6_000 });
    return { settings: settings(), upstream, now: fakeClock().now, signal };
  };
  const secrets = () => {
    const given = facts.settings(api.origin);
    return secretFields(connector.settings).map((name) => String(given[name]));
  };

  describe(`${connector.name} keeps the contract`, () => {
    test("the settings draw a form: labels, help, and secrets marked as such", () => {
      const fields = settingFields(connector.settings);

      expect(connector.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(fields.length).toBeGreaterThan(0);
      for (const { name, label, help } of fields) {
        expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
        expect(label, name).not.toBe(name);
        expect(help, name).toMatch(/\.$/);
      }
      const suspects = fields.filter(({ name }) => /token|secret|password|api_key/.test(name));
      expect(suspects.map(({ kind }) => kind)).toEqual(suspects.map(() => "secret"));
      expect(secrets().join("").length).toBeGreaterThan(0);
    });

    test("the credential names one origin and holds every secret", () => {
      const { origin, headers } = connector.credential(settings());

      expect(new URL(origin).origin).toBe(origin);
      for (const secret of secrets()) expect(Object.values(headers).join("\n")).toContain(secret);
      for (const name of Object.keys(headers)) expect(name).toBe(name.toLowerCase());
    });

    test("every data source can be found by its name and by upstream's, and none stands twice", () => {
      const names = connector.dataSources.map(({ name }) => name);
      const types = connector.dataSources.map(({ upstreamType }) => upstreamType);

      for (const feed of connector.dataSources) {
        expect(feed.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(feed.title).not.toBe("");
        expect(feed.description, feed.name).toMatch(/^[A-Z].*\.$/);
        expect(feed.maxPageSize).toBeGreaterThan(0);
        expect(connector.resolve(feed.name)).toBe(feed);
        expect(connector.resolve(feed.upstreamType)?.upstreamType).toBe(feed.upstreamType);
        expect(feed.principal(settings())).not.toBe("");
        expect(connector.target(settings(), feed.name)).toMatch(/^\w+:.+/);
      }
      expect(new Set(names).size).toBe(names.length);
      expect(new Set(types).size).toBe(types.length);
      for (const bad of ["", " ", "../x", "a/b", "a b", "x".repeat(500)])
        expect(connector.resolve(bad)).toBeUndefined();
    });

    test("what is reached hangs on fixed settings alone, so that a change of another keeps what is collected", () => {
      const given = facts.settings(`${api.origin}/v1`);
      const fixed = settingFields(connector.settings).filter((field) => field.fixed);
      const targets = (values: unknown) => connector.dataSources.map(({ name }) => connector.target(values, name));

      expect(fixed.length).toBeGreaterThan(0);
      const onlyFixed = Object.fromEntries(fixed.map(({ name }) => [name, given[name]]));
      expect(targets(connector.settings.parse(given))).toEqual(targets(onlyFixed));
    });

    test("what the guide fills in is a setting", () => {
      const names = settingFields(connector.settings).map(({ name }) => name);
      const fields = connector.guide?.steps.flatMap((step) => step.fields) ?? [];

      for (const { fills } of fields) if (fills !== undefined) expect(names).toContain(fills);
      for (const { kind, fills } of fields) {
        if (fills !== undefined && secretFields(connector.settings).includes(fills)) expect(kind).toBe("secret");
      }
    });

    const everyFeed = connector.dataSources.map((feed) => [feed.name, feed] as const);

    test.each(everyFeed)("%s lists files, with upstream's own clock", async (_name, feed) => {
      answer = () => rawAnswer(200, facts.pageOf("file-1"), { date: "Wed, 15 Jul 2026 12:34:56 GMT" });

      const page = await feed.list(context(), AFTER, feed.maxPageSize);

      expect(page.files.map(({ id }) => id)).toEqual(["file-1"]);
      expect(page.servedAt).toBe("2026-07-15T12:34:56.000Z");
    });

    test.each(everyFeed)("%s takes an empty page for what it is", async (_name, feed) => {
      const page = await feed.list(context(), AFTER, feed.maxPageSize);

      expect(page).toMatchObject({ files: [], lastEndTime: undefined, more: false, servedAt: undefined });
    });

    const [first] = connector.dataSources as readonly [DataSource, ...DataSource[]];
    const refusals: readonly (readonly [number, string, string])[] = [
      [401, "auth_failed", '{"error":{"message":"no"}}'],
      [403, "auth_failed", '{"detail":"no"}'],
      [404, "rejected", '{"message":"no"}'],
      [422, "rejected", '{"detail":[{"loc":["query","after"],"msg":"no","type":"missing"}]}'],
      [429, "rate_limited", "no"],
      [500, "unavailable", "no"],
      [503, "unavailable", ""],
    ];

    test.each(refusals)(
      "a refusal of the list with %i is %s, with its status and what to do",
      async (status, code, body) => {
        answer = () => rawAnswer(status, body, { "retry-after": "7" });

        const error = await thrown(first.list(context(), AFTER, 1));

        expect(error).toMatchObject({ code, status });
        if (status === 429) expect(error.retryAfterMs).toBe(7_000);
        if (status < 500) expect(error.action).toMatch(/\S/);
        for (const secret of secrets()) expect(JSON.stringify([error.message, error.action])).not.toContain(secret);
      },
    );

    test.each([
      ["a web page", "<!doctype html><html><body>Sign in, please</body></html>"],
      ["no JSON", `${facts.emptyPage.slice(0, -1)},`],
      ["nothing", ""],
      ["another shape", '{"items":[]}'],
      ["another kind of value", '"Sign in, please"'],
    ])("a list that answers 200 with %s is a protocol error and quotes nothing", async (_case, body) => {
      answer = () => rawAnswer(200, body);

      const error = await thrown(first.list(context(), AFTER, 1));

      expect(error.code).toBe("protocol");
      expect(error.message).not.toContain("Sign in");
    });

    test("a call that is aborted ends with the reason given", async () => {
      const stop = AbortSignal.abort(new Error("stopped"));

      await expect(first.list(context(stop), AFTER, 1)).rejects.toBe(stop.reason);
      expect(api.heads).toEqual([]);
    });

    test("a file comes from its signed address, which never sees the key", async () => {
      answer = () => facts.download(`${storage.origin}/signed?sig=1`);
      const file = { id: "file-1", endTime: AFTER, size: 1, sha256: undefined };

      const text = await new Response(await first.open(context(), file)).text();

      expect(text).toBe(`${facts.line.text}\n`);
      for (const secret of secrets()) expect(storage.heads.join()).not.toContain(secret);
      expect(storage.heads.join().toLowerCase()).not.toMatch(/^(?:authorization|cookie|x-api-key):/m);
    });

    test("a file that upstream does not have keeps upstream's status, and a signed address that fails has none", async () => {
      const file = { id: "file-1", endTime: AFTER, size: 1, sha256: undefined };
      answer = () => rawAnswer(404, "{}");
      expect(await thrown(first.open(context(), file))).toMatchObject({ code: "rejected", status: 404 });

      const signed = `${api.origin}/signed`;
      answer = (head) => (head.startsWith("GET /signed") ? rawAnswer(404, "{}") : facts.download(signed));
      expect(await thrown(first.open(context(), file))).toMatchObject({ code: "unavailable", status: undefined });
    });

    test("a line says what it is, and an odd one what it can", () => {
      const { text, id, time, type } = facts.line;

      expect(first.identify(text)).toMatchObject({ id, time, type });
      expect(first.identify("{}")).toEqual({
        id: undefined,
        time: undefined,
        type: first.upstreamType,
        principal: undefined,
      });
      for (const odd of ["", "{", "[]", "7", "null", '"text"', `${text}${text}`, `${text.slice(0, -1)}`]) {
        expect(() => first.identify(odd), odd).toThrow(CollectorError);
      }
    });

    test("an unreadable line is not quoted: it is somebody's text", () => {
      expect(() => first.identify('{"message":"private words"')).toThrow(/^(?!.*private)/);
    });

    test("the connection test tells each step as it starts and as it ends, and shows no secret", async () => {
      const steps: CheckStep[] = [];
      const probe = (url: URL) => outbound.probe(url, new AbortController().signal);
      for await (const step of connector.check({ ...context(), dataSources: [first], probe })) steps.push(step);

      const ended = steps.filter(({ state }) => state !== "running").map(({ id }) => id);
      const started = steps.filter(({ state }) => state === "running").map(({ id }) => id);
      expect(new Set(ended).size).toBe(ended.length);
      expect(ended).toEqual(expect.arrayContaining(started));
      expect(ended).toContain(`data-source:${first.name}`);
      for (const step of steps) {
        if (step.state === "failed") expect(step.remedy, step.id).toMatch(/\S/);
        if (step.state === "skipped") expect(step.detail, step.id).toMatch(/\S/);
      }
      for (const secret of secrets()) expect(JSON.stringify(steps)).not.toContain(secret);
    });

    test("nothing but GET leaves, and only with a path below the base URL", async () => {
      const probe = (url: URL) => outbound.probe(url, new AbortController().signal);
      for await (const _ of connector.check({ ...context(), dataSources: connector.dataSources, probe }));
      for (const feed of connector.dataSources) await feed.newest?.(context()).catch(() => undefined);

      expect(api.heads.length).toBeGreaterThan(0);
      for (const head of api.heads) expect(head).toMatch(/^GET \/v1\//);
    });
  });
}

async function thrown(promise: Promise<unknown>): Promise<CollectorError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CollectorError);
  return error as CollectorError;
}
