// CEF and LEEF as their receivers read them: each line is taken apart again by a reader that allows nothing but the format.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventView } from "../model/outgoing.ts";
import { companyOf } from "../sandbox/generator/company.ts";
import { familiesOf } from "../sandbox/generator/families.ts";
import type { World } from "../sandbox/generator/family.ts";
import { identitiesOf } from "../sandbox/keys.ts";
import { DEFAULT_QUIRKS } from "../sandbox/quirks.ts";
import { aView, hostileLines } from "../testing/an-outgoing-event.ts";
import { cef } from "./cef.ts";
import { leef } from "./leef.ts";

interface Line {
  readonly header: readonly string[];
  readonly fields: ReadonlyMap<string, string>;
}

const UNESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r" };
const unescaped = (text: string, allowed: RegExp) =>
  text.replace(/\\(.?)/gs, (_, character: string) => {
    if (!allowed.test(character)) throw new Error(`No such escape: ${character}`);
    return UNESCAPED[character] ?? character;
  });

/** Takes a list of pairs; a name may stand there once. */
function fieldsOf(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  expect(pairs.filter(([name, value]) => !/^[A-Za-z0-9]+$/.test(name) || value === "")).toEqual([]);
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  return new Map(pairs);
}

function readCef(line: string): Line {
  const parts = line.split(/(?<=(?<!\\)(?:\\\\)*)\|/);
  const header = parts.slice(0, 7).map((part) => unescaped(part, /^[\\|]$/));
  const extension = parts.slice(7).join("|");
  // A key stands at the beginning or after a space, and before an equals sign that is not escaped.
  const pairs = extension.split(/ (?=[A-Za-z0-9]+=)/).map((pair) => {
    const [, name = "", value = ""] = /^([A-Za-z0-9]+)=((?:[^\\=]|\\[\\=nr])*)$/s.exec(pair) ?? [];
    return [name, unescaped(value, /^[\\=nr]$/)] as const;
  });
  return { header, fields: fieldsOf(pairs) };
}

function readLeef(line: string): Line {
  const [, head = "", attributes = ""] = /^((?:[^|\t]*\|){6})(.*)$/s.exec(line) ?? [];
  const pairs = attributes.split("\t").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return { header: head.split("|").slice(0, -1), fields: fieldsOf(pairs) };
}

const formats = [
  { format: cef, read: readCef, tab: false },
  { format: leef, read: readLeef, tab: true },
] as const;

const message = (value: string, facts: { readonly title?: string; readonly email?: string } = {}): EventView =>
  aView({
    raw: JSON.stringify({
      event_id: "e1",
      type: "CONVERSATION_MESSAGE",
      principal: { id: "ws-1" },
      actor: { type: "ACCOUNT_USER", user_id: "user-1", user_email: facts.email ?? "ada@example.com" },
      message: { author: { type: "user", client_type: "ios_app" }, content: { value } },
      conversation: { id: "conv-1", title: facts.title ?? "A | b = c \\ d" },
    }),
  });

const sandboxEvents = anHour();

describe.each(formats)("$format.name", ({ format, read, tab }) => {
  /** One line, nothing unseen in it, which its reader understands. */
  function checked(view: EventView): Line {
    const line = format.render(view);
    expect(line.isWellFormed()).toBe(true);
    expect(line.replaceAll("\t", tab ? "" : "\t")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    expect(format.render(view)).toBe(line);
    return read(line);
  }

  test("every field of a hostile message comes back, and no other", () => {
    const hostile = fc.oneof(
      { weight: 2, arbitrary: fc.string({ unit: "binary" }) },
      fc.stringMatching(/^[|=\\\n\r\t\0 a-c]{0,30}$/),
      fc.constantFrom("src=1.1.1.1 act=x", "a\tsev=10\tb=c", "x|y|z", "\\", "\\=", "\u202Eevil", "\u2028"),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (text, title, email) => {
        const plain = [...checked(message("x", { title: "x", email: "x" })).fields.keys()];
        const line = checked(message(text, { title, email }));

        expect(plain).toEqual(expect.arrayContaining([...line.fields.keys()]));
        expect(line.header).toEqual(read(format.render(message("x"))).header);
      }),
    );
  });

  test("what stands in a field is what was written, but for the line ends and tabs of LEEF", () => {
    const visible = fc.stringMatching(/^[|=\\\n\r a-c]{1,40}$/).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(visible, (text) => {
        const kept = text.trim();
        const expected = tab ? kept.replaceAll("\n", "\\n").replaceAll("\r", "\\r") : kept;
        expect(checked(message(text)).fields.get("msg")).toBe(expected);
      }),
    );
  });

  test("words of any length and any kind of hostility stay in their field", () => {
    const text = "a|b=c\\d\nnext\rline\0\u202Eend";
    const said = checked(message(text)).fields.get("msg");

    const kept = text.replace("\0", "\\u0000").replace("\u202E", "\\u202E");
    expect(said).toBe(tab ? kept.replace("\n", "\\n").replace("\r", "\\r") : kept);
    for (const words of ["x".repeat(100_000), "🌍".repeat(9_000), `y${"🌍".repeat(9_000)}`]) {
      const { fields } = checked(message(words));
      expect(fields.get("msg")).toMatch(/^.{1999,3999}…$/u);
      expect([...fields.values()]).toContain(String(words.length));
    }
  });

  test("type, action, names and ids of strangers cannot leave their place either", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (type, action) => {
        const view = aView({ type, eventId: action, dataSource: type, raw: JSON.stringify({ action }) });
        expect(checked(view).header).toHaveLength(format === cef ? 7 : 6);
      }),
    );
  });

  test("whatever is stored can be written", () => {
    for (const raw of [...hostileLines, "null", "[]", "{", "", new Uint8Array([0xff, 0xfe])]) checked(aView({ raw }));
    fc.assert(fc.property(fc.jsonValue(), (value) => void checked(aView({ raw: JSON.stringify(value) }))));
    checked(aView({ time: "never" }));
  });

  test("events of every type of the sandbox have a class, an actor and a time", () => {
    const seen = new Set<string>();
    for (const { type, id, line } of sandboxEvents) {
      seen.add(type);
      const { header, fields } = checked(aView({ type, eventId: id, raw: line }));
      expect(header[4]).toMatch(new RegExp(`^${type}(:\\w+)?$`));
      expect(fields.get(format === cef ? "suser" : "usrName")).toMatch(/\S/);
    }
    expect(seen.size).toBe(12);
  });
});

test("a message as a line of CEF", () => {
  expect(cef.render(message("Is 1+1=2?\nSure\\yes"))).toBe(
    "CEF:0|OpenAI|ChatGPT Enterprise|1|CONVERSATION_MESSAGE|Message to ChatGPT|3|rt=1784129345746 " +
      `externalId=${keyOf(message("Is 1+1=2?\nSure\\yes"))} cat=CONVERSATION_MESSAGE suser=ada@example.com suid=user-1 ` +
      "requestClientApplication=ios_app msg=Is 1+1\\=2?\\nSure\\\\yes cs1=conv-1 cs1Label=Conversation ID " +
      "cs2=A | b \\= c \\\\ d cs2Label=Conversation title cs6=hq cs6Label=Site flexString1=chatgpt-prod " +
      "flexString1Label=Collector deviceExternalId=ws-1 deviceFacility=conversations dtz=Europe/Berlin",
  );
});

const refusedDeletion = aView({
  type: "AUDIT_LOG",
  dataSource: "audit-log",
  raw: JSON.stringify({
    principal: { id: "ws-1" },
    actor: { type: "API_KEY", redacted_id: "sk-...Ab12" },
    action: "USER_DELETE",
    action_result: "BLOCKED",
    action_privilege: "ADMIN",
    request_metadata: { client_ip: "2001:db8::7", client_user_agent: "curl/8" },
    action_data: { deleted_user_id: "user-2" },
  }),
});

test("an administrative action that was refused, in CEF", () => {
  expect(cef.render(refusedDeletion)).toBe(
    "CEF:0|OpenAI|ChatGPT Enterprise|1|AUDIT_LOG:USER_DELETE|User delete|6|rt=1784129345746 " +
      `externalId=${keyOf(refusedDeletion)} cat=AUDIT_LOG act=USER_DELETE outcome=failure reason=BLOCKED ` +
      "suser=sk-...Ab12 suid=sk-...Ab12 spriv=ADMIN c6a2=2001:db8::7 c6a2Label=Source IPv6 Address " +
      "requestClientApplication=curl/8 duid=user-2 cs6=hq cs6Label=Site flexString1=chatgpt-prod " +
      "flexString1Label=Collector deviceExternalId=ws-1 deviceFacility=audit-log dtz=Europe/Berlin",
  );
});

test("an administrative action that was refused, in LEEF", () => {
  expect(leef.render(refusedDeletion).split("\t")).toEqual([
    "LEEF:2.0|OpenAI|ChatGPT Enterprise|1|AUDIT_LOG:USER_DELETE|x09|devTime=2026-07-15T15:29:05.746+0000",
    "devTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
    "cat=AUDIT_LOG",
    "sev=6",
    "usrName=sk-...Ab12",
    "src=2001:db8::7",
    "role=ADMIN",
    "eventName=User delete",
    "action=USER_DELETE",
    "outcome=failure",
    "reason=BLOCKED",
    "userId=sk-...Ab12",
    "userAgent=curl/8",
    "targetUserIds=user-2",
    "workspaceId=ws-1",
    "dataSource=audit-log",
    "collector=chatgpt-prod",
    "site=hq",
    "siteId=site_abcdefghijklmnop",
    "timezone=Europe/Berlin",
    `eventKey=${keyOf(refusedDeletion)}`,
  ]);
});

function keyOf({ stored }: EventView): string {
  return `col_abcdefghijklmnop:event-1:${stored.contentHash.slice(0, 16)}`;
}

/** At most thirty events of each type out of an hour of a busy company, hostile texts among them. */
function anHour(): readonly { readonly type: string; readonly id: string; readonly line: string }[] {
  const start = Date.parse("2026-07-15T13:00:00Z");
  const quirks = { ...DEFAULT_QUIRKS, hostileText: 0.2, unknownEventType: true };
  const world: World = {
    seed: 5,
    company: companyOf(5, 40, start),
    ids: identitiesOf(5),
    eventsPerDay: 10_000,
    quirksAt: () => quirks,
  };
  const cells = [0, 1, 2, 3, 4, 5].map((index) => ({ startMs: start + index * 600_000, share: 0.02 }));
  return familiesOf(world).flatMap(({ type, plan }) =>
    cells
      .flatMap((cell) => plan(cell))
      .slice(0, 30)
      .map(({ id, write }) => ({ type, id, line: JSON.stringify(write()) })),
  );
}
