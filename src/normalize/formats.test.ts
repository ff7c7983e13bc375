// What every format keeps, whatever the event is.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatNames } from "../model/outgoing.ts";
import { aView } from "../testing/an-outgoing-event.ts";
import { goldenEvents, hostileGoldenEvents } from "../testing/golden-events.ts";
import { formatOf, formats } from "./index.ts";

const SITE = ["sitename", "siteid", "timezone"];

const names = fc.oneof(
  fc.constantFrom(
    ..."event_id,type,timestamp,principal,actor,message,conversation,action,action_data,event_type,event_details".split(
      ",",
    ),
    ..."request_metadata,payload,input,files,user_id,user_email,id,name,content,value,author,title,client_ip".split(
      ",",
    ),
    ..."token_usage,input_tokens,__proto__,constructor,toString,sitename".split(","),
  ),
  fc.string({ maxLength: 6 }),
);
const types = fc.constantFrom(
  ..."CONVERSATION_MESSAGE,AUDIT_LOG,AUTH_LOG,APP_LOG,APP_AUTH_LOG,CODEX_LOG,CODEX_TURN,CUSTOM_AGENTS_LOG,COSTS,NEW".split(
    ",",
  ),
);
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "a\u2028b",
    "\ud800",
    "198.51.100.7",
    "fe80::1%eth0",
    "ada@example.com",
    "GROUP_ADD_USERS",
    "login_failed",
  ),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(names, tie("value"), { maxKeys: 5 }),
  ),
}));
const events = fc.dictionary(names, anyValue, { maxKeys: 8 });

const oneLine = (line: string) => !/[\r\n]/.test(line);

/** Every value in it that says something, by its path. */
function leaves(value: unknown, path = ""): readonly (readonly [path: string, value: unknown])[] {
  if (value === null || value === "") return [];
  if (typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}/${name}`));
}

test("every name that a destination may ask for is a format, and tells what it is", () => {
  expect(formats.map(({ name }) => name)).toEqual([...formatNames]);
  for (const name of formatNames) {
    const { title, description } = formatOf(name);
    expect(title).not.toBe("");
    expect(description).toMatch(/\.$/);
  }
});

describe.each(formats.map((format) => [format.name, format] as const))("%s", (_name, format) => {
  test("writes any JSON object, of any type, on one line, and the same again", () => {
    fc.assert(
      fc.property(events, types, fc.constantFrom(0, 1, "\n"), (event, type, space) => {
        const view = aView({ type, raw: JSON.stringify(event, undefined, space) });
        const line = format.render(view);

        expect(oneLine(line)).toBe(true);
        expect(format.render(view)).toBe(line);
        if (format.kind === "json") expect(typeof JSON.parse(line)).toBe("object");
      }),
      { numRuns: 150 },
    );
  });

  test("writes any bytes on one line", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), types, (raw, type) => {
        const line = format.render(aView({ type, raw }));

        expect(oneLine(line)).toBe(true);
        if (format.kind === "json") expect(typeof JSON.parse(line)).toBe("object");
      }),
    );
  });

  test("writes what has broken collectors", () => {
    for (const { view } of hostileGoldenEvents) {
      const line = format.render(view);
      expect(oneLine(line)).toBe(true);
      if (format.kind === "json") expect(typeof JSON.parse(line)).toBe("object");
    }
  });

  test("changes nothing in the event that it writes from", () => {
    for (const { view } of goldenEvents) {
      const before = structuredClone(view);
      format.render(view);
      expect(structuredClone(view)).toEqual(before);
    }
  });
});

/** The part of a record that has what the schema has no field for, read again. */
interface Written {
  readonly raw?: unknown;
  readonly unmapped?: unknown;
  readonly openai?: { readonly compliance: { readonly rest?: string } };
}

const restIn: Readonly<Record<string, (line: Written) => unknown>> = {
  raw: ({ raw }) => raw,
  "exabeam-raw": (line) => line,
  ocsf: ({ unmapped }) => unmapped ?? {},
  "ocsf-1.9": ({ unmapped }) => unmapped ?? {},
  ecs: ({ openai }) => JSON.parse(openai?.compliance.rest ?? "{}"),
};

test.each(Object.entries(restIn))(
  "%s keeps every value of an object: in a field, or with the rest at its place",
  (name, restOf) => {
    fc.assert(
      fc.property(events, types, (event, type) => {
        const raw = JSON.stringify(event);
        const line = JSON.parse(formatOf(name as "raw").render(aView({ type, raw })));
        const rest = new Map(leaves(restOf(line)));
        const { raw_data, event: ecsEvent, ...said } = line;
        const fields = new Set(leaves([said, { ...ecsEvent, original: undefined }]).map(([, value]) => String(value)));

        for (const [path, value] of leaves(JSON.parse(raw)).filter(([path]) => !SITE.includes(path.split("/")[1]!))) {
          const kept = rest.has(path) ? Object.is(rest.get(path), value) : fields.has(String(value));
          expect(kept, `${path} = ${String(value)} in ${JSON.stringify(line)}`).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  },
);

test("numbers that no reader of JSON could hold are kept to the letter", () => {
  const line = '{"event_id":"e","n":123456789012345678901234567890,"deep":{"d":1e400},"p":1.10}';
  const view = aView({ raw: line, type: "NEW" });

  expect(formatOf("raw").render(view)).toContain(`"raw":${line}}`);
  expect(formatOf("exabeam-raw").render(view)).toContain(line.slice(0, -1));
  for (const name of ["ocsf", "ocsf-1.9"] as const)
    expect(formatOf(name).render(view)).toMatch(
      /,"unmapped":\{("event_id":"e",)?"n":123456789012345678901234567890,"deep":\{"d":1e400\},"p":1.10\}\}$/,
    );
  expect(JSON.parse(formatOf("ecs").render(view)).openai.compliance.rest).toContain(
    '"n":123456789012345678901234567890',
  );
});

test("a number that a schema has a field for stays with the rest all the same where it is spelled in another way", () => {
  const restOf = (tokens: string) => {
    const raw = `{"event_type":"PROMPT_SENT","event_details":{"token_usage":{"input_tokens":${tokens}}}}`;
    const { openai, gen_ai } = JSON.parse(formatOf("ecs").render(aView({ type: "CODEX_LOG", raw })));
    return [gen_ai.usage.input_tokens, openai.compliance.rest];
  };

  expect(restOf("1201")).toEqual([1201, undefined]);
  expect(restOf("1.201e3")).toEqual([1201, '{"event_details":{"token_usage":{"input_tokens":1.201e3}}}']);
});

test("an event that is too deep for a schema is kept as one text", () => {
  const raw = `{"event_id":"e","deep":${"[".repeat(60)}${"]".repeat(60)}}`;
  const view = aView({ raw });

  expect(JSON.parse(formatOf("ocsf").render(view)).unmapped).toEqual({ raw });
  expect(JSON.parse(formatOf("ecs").render(view)).openai.compliance.rest).toBe(raw);
});

test("the whole line stands in schema records up to 16 KiB, and not beyond", () => {
  const line = (bytes: number) => aView({ raw: `{"text":"${"x".repeat(bytes - 11)}"}` });
  const originals = (bytes: number) => {
    const [ecs, ocsf] = (["ecs", "ocsf"] as const).map((name) => JSON.parse(formatOf(name).render(line(bytes))));
    return [ecs.event.original?.length, ocsf.raw_data?.length, ocsf.raw_data_size];
  };

  expect(originals(16_384)).toEqual([16_384, 16_384, 16_384]);
  expect(originals(16_385)).toEqual([undefined, undefined, 16_385]);
});
