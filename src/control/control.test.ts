import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewCollector } from "../model/control.ts";
import { type ControlOptions, type OpenControl, openControl } from "./open-control.ts";

let folder: string;
let opened: OpenControl[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-control-"));
  opened = [];
});
afterEach(() => {
  for (const one of opened) one.control.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (change: Partial<ControlOptions> = {}): OpenControl => {
  const one = openControl({
    path: join(folder, "control.db"),
    secretKeyPath: join(folder, "secret.key"),
    now: () => new Date("2026-07-15T12:00:00Z"),
    randomBytes,
    passwordCost: { memoryKib: 64, passes: 1, lanes: 1 },
    ...change,
  });
  opened.push(one);
  return one;
};
const closeAll = () => {
  for (const one of opened.splice(0)) one.control.close();
};

const aCollector = (change: Partial<NewCollector> = {}): NewCollector => ({
  name: "acme-prod",
  connector: "acme",
  settings: { workspace: "w1" },
  dataSources: ["messages"],
  pausedDataSources: [],
  siteId: undefined,
  timezone: "Europe/Berlin",
  start: undefined,
  pollIntervalMs: 60_000,
  overlapMs: 86_400_000,
  requestsPerMinute: "auto",
  retentionDays: undefined,
  paused: false,
  managedBy: "console",
  ...change,
});
const secret = "sk-canary-0123456789";
const parse = (_connector: string, settings: unknown) => settings;

describe("collectors", () => {
  test("come back after a restart as they were put in", () => {
    const created = open().control.createCollector(aCollector({ requestsPerMinute: 40, retentionDays: 90 }), {
      token: secret,
    });
    closeAll();

    const { control } = open();

    expect(control.collectors()).toEqual([created]);
    expect(control.secrets(created.id)).toEqual([{ name: "token", last4: "6789", setAt: "2026-07-15T12:00:00.000Z" }]);
    expect(control.plans(parse)[0]).toMatchObject({
      settings: { workspace: "w1", token: secret },
      settingsError: undefined,
    });
  });

  test("have names that are unique without regard to case, spaces and how a letter is composed", () => {
    const { control } = open();
    control.createCollector(aCollector({ name: "Caf\u00e9" }), {});
    const other = control.createCollector(aCollector({ name: "other" }), {});

    expect(() => control.createCollector(aCollector({ name: " CAFE\u0301 " }), {})).toThrow(/already/);
    expect(() => control.updateCollector(other.id, { name: "caf\u00e9" })).toThrow(/already/);
    expect(control.updateCollector(other.id, { name: "Other" }).name).toBe("Other");
  });

  test("refuse names that are empty, too long or hold control characters", () => {
    const { control } = open();

    for (const name of ["", "  ", "a".repeat(101), "a\nb", "a\u202eb"])
      expect(() => control.createCollector(aCollector({ name }), {}), JSON.stringify(name)).toThrow(/1 to 100/);
  });

  test("an undefined value clears, an absent key leaves", () => {
    const { control } = open();
    const { id } = control.createCollector(aCollector({ retentionDays: 5 }), {});

    const changed = control.updateCollector(id, { timezone: undefined, paused: true });

    expect(changed).toMatchObject({ timezone: undefined, paused: true, retentionDays: 5 });
    expect(control.collector(id)).toEqual(changed);
  });

  test("of the configuration file can be paused but not changed, unless by the file", () => {
    const { control } = open();
    const { id } = control.createCollector(aCollector({ managedBy: "file" }), {});

    expect(control.updateCollector(id, { paused: true, pausedDataSources: ["messages"] }).paused).toBe(true);
    expect(() => control.updateCollector(id, { name: "x" })).toThrow(/configuration file/);
    expect(() => control.deleteCollector(id)).toThrow(/configuration file/);
    expect(control.updateFromFile(id, { name: "x", managedBy: "console" }).managedBy).toBe("console");
  });

  test("take their secrets with them", () => {
    const { control } = open();
    const { id } = control.createCollector(aCollector(), { token: secret });

    control.deleteCollector(id);

    expect(control.secrets(id)).toEqual([]);
    expect(() => control.deleteCollector(id)).toThrow(/no collector/);
  });

  test("without a site that exists are refused, and nothing is kept of them", () => {
    const { control } = open();

    expect(() => control.createCollector(aCollector({ siteId: "site_no" }), { token: secret })).toThrow(/no site/);
    expect(control.collectors()).toEqual([]);
  });
});

test("a site is renamed, and removed only once no collector carries it", () => {
  const { control } = open();
  const site = control.createSite("hq");
  const { id } = control.createCollector(aCollector({ siteId: site.id }), {});

  expect(() => control.createSite("HQ")).toThrow(/already/);
  expect(() => control.deleteSite(site.id)).toThrow(/acme-prod/);
  expect(control.renameSite(site.id, "Berlin").name).toBe("Berlin");
  control.updateCollector(id, { siteId: undefined });
  control.deleteSite(site.id);
  expect(control.sites()).toEqual([]);
  expect(() => control.renameSite(site.id, "x")).toThrow(/no site/);
});

test("a draft keeps values and secrets apart, and an empty text removes a secret", () => {
  const { control } = open();
  const draft = control.saveDraft({ connector: "acme", values: { name: "x" }, secrets: { token: secret } }, "anna");

  expect(draft).toMatchObject({
    values: { name: "x" },
    secrets: [{ name: "token", last4: "6789" }],
    updatedBy: "anna",
  });
  expect(control.settingsWithSecrets({ draftId: draft.id })).toEqual({ name: "x", token: secret });
  const emptied = control.saveDraft({ id: draft.id, connector: "acme", values: {}, secrets: { token: "" } }, "ben");
  expect(emptied).toMatchObject({ values: {}, secrets: [], updatedBy: "ben" });
  control.deleteDraft(draft.id);
  expect(control.drafts()).toEqual([]);
  expect(() => control.saveDraft({ id: draft.id, connector: "acme", values: {} }, "anna")).toThrow(/no draft/);
});

test("several changes are one: a refusal undoes those before it", () => {
  const { control, access } = open();

  const both = () =>
    control.together(() => {
      access.record({ who: "anna", action: "site.created", object: undefined, detail: undefined });
      control.createSite("hq");
      control.createSite("hq");
    });

  expect(both).toThrow(/already/);
  expect(control.sites()).toEqual([]);
  expect(access.accessRecord({ limit: 10 })).toEqual([]);
});

describe("the secret key", () => {
  test("is made on the first start, readable by its owner only, and is not in the database", () => {
    const { secretKey } = open();

    const key = readFileSync(join(folder, "secret.key"), "utf8").trim();
    expect(statSync(join(folder, "secret.key")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "control.db")).mode & 0o777).toBe(0o600);
    expect(secretKey.status()).toEqual({ state: "ok", keyId: expect.stringMatching(/^[0-9a-f]{8}$/), source: "file" });
    closeAll();
    for (const file of readdirSync(folder).filter((name) => name.startsWith("control")))
      expect(readFileSync(join(folder, file), "latin1")).not.toContain(key);
  });

  test("that is lost leaves everything else working, and can be entered anew", () => {
    const first = open();
    const { id } = first.control.createCollector(aCollector(), { token: secret });
    const key = readFileSync(join(folder, "secret.key"), "utf8");
    closeAll();
    rmSync(join(folder, "secret.key"));

    const { control, secretKey } = open();

    expect(secretKey.status().state).toBe("missing");
    expect(existsSync(join(folder, "secret.key"))).toBe(false);
    expect(control.plans(parse)[0]).toMatchObject({
      settings: undefined,
      settingsError: { reason: "secret_key_missing" },
    });
    expect(() => control.setSecret(id, "token", "another")).toThrow(/missing/);
    expect(() => secretKey.enter(randomBytes(32).toString("base64"))).toThrow(/is not the key/);
    expect(secretKey.enter(key)).toMatchObject({ state: "ok" });
    expect(control.plans(parse)[0]?.settings).toMatchObject({ token: secret });
    expect(readFileSync(join(folder, "secret.key"), "utf8")).toBe(key);
  });

  test("that is wrong is told from one that is missing", () => {
    open().control.createCollector(aCollector(), { token: secret });
    closeAll();
    writeFileSync(join(folder, "secret.key"), randomBytes(32).toString("base64"));

    const { control, secretKey } = open();

    expect(secretKey.status().state).toBe("wrong");
    expect(control.plans(parse)[0]?.settingsError?.reason).toBe("secret_key_wrong");
  });

  test("that is no key at all is wrong, and the server starts", () => {
    open().control.createCollector(aCollector(), { token: secret });
    closeAll();
    writeFileSync(join(folder, "secret.key"), "rubbish");

    expect(open().secretKey.status().state).toBe("wrong");
  });

  test("is made anew where it is lost and no secret needs it", () => {
    const id = open().secretKey.status().keyId;
    closeAll();
    rmSync(join(folder, "secret.key"));

    const status = open().secretKey.status();

    expect(status.state).toBe("ok");
    expect(status.keyId).not.toBe(id);
  });

  test("of the environment is used and never written down", () => {
    const secretKey = randomBytes(32).toString("hex");

    const { control } = open({ secretKey });
    control.createCollector(aCollector(), { token: secret });
    closeAll();

    expect(existsSync(join(folder, "secret.key"))).toBe(false);
    expect(open({ secretKey }).control.plans(parse)[0]?.settings).toMatchObject({ token: secret });
    closeAll();
    expect(open({ secretKey: randomBytes(32).toString("hex") }).secretKey.status()).toMatchObject({
      state: "wrong",
      source: "environment",
    });
  });

  test("is rotated: the old one opens nothing any more", () => {
    const first = open();
    first.control.createCollector(aCollector(), { token: secret });
    const old = readFileSync(join(folder, "secret.key"), "utf8");

    const rotated = first.rotateSecretKey();
    closeAll();

    expect(rotated.secrets).toBe(1);
    expect(readFileSync(join(folder, "secret.key"), "utf8")).not.toBe(old);
    expect(open().control.plans(parse)[0]?.settings).toMatchObject({ token: secret });
    closeAll();
    writeFileSync(join(folder, "secret.key"), old);
    expect(open().secretKey.status().state).toBe("wrong");
  });

  test("a rotation that was cut off before the file took its place is finished at the next start", () => {
    const first = open();
    first.control.createCollector(aCollector(), { token: secret });
    const old = readFileSync(join(folder, "secret.key"), "utf8");
    first.rotateSecretKey();
    const rotated = readFileSync(join(folder, "secret.key"), "utf8");
    closeAll();
    writeFileSync(join(folder, "secret.key.new"), rotated);
    writeFileSync(join(folder, "secret.key"), old);

    const { control, secretKey } = open();

    expect(secretKey.status().state).toBe("ok");
    expect(control.plans(parse)[0]?.settings).toMatchObject({ token: secret });
    expect(readFileSync(join(folder, "secret.key"), "utf8")).toBe(rotated);
  });
});

test("a secret row moved to another collector does not open", () => {
  const { control } = open();
  const one = control.createCollector(aCollector(), { token: secret });
  const other = control.createCollector(aCollector({ name: "other" }), {});
  closeAll();
  const db = new DatabaseSync(join(folder, "control.db"));
  db.prepare("UPDATE secrets SET owner_id = ? WHERE owner_id = ?").run(other.id, one.id);
  db.close();

  const plan = open()
    .control.plans(parse)
    .find(({ collector }) => collector.id === other.id);

  expect(plan).toMatchObject({ settings: undefined, settingsError: { reason: "secret_unreadable" } });
});

test("no secret stands in any file of the folder", async () => {
  const { control, access } = open();
  const { id } = control.createCollector(aCollector(), { token: secret });
  control.setSecret(id, "token", `${secret}-2`);
  control.saveDraft({ connector: "acme", values: {}, secrets: { token: `${secret}-3` } }, "anna");
  const setup = access.issueSetupToken()!;
  const { session } = await access.setUp(
    { token: setup, name: "anna", password: "correct horse battery" },
    { ip: "::1" },
  );
  const { text } = access.createToken({ name: "ci", role: "viewer", expiresInDays: 1, createdBy: "anna" });

  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));

  for (const hidden of ["canary", setup, session, text, "correct horse battery"])
    for (const file of files) expect(file).not.toContain(hidden);
});

test("a setting of the caller never meets one of our own", () => {
  const { control, secretKey } = open();

  control.setSetting("secret_key_id", "mine");

  expect(control.setting("secret_key_id")).toBe("mine");
  expect(secretKey.status().keyId).not.toBe("mine");
});

test("a settings error names settings and never a value", () => {
  const { control } = open();
  control.createCollector(aCollector({ settings: { workspace: "canary" } }), {});
  const refuse = (paths: string[]) => () => {
    throw Object.assign(new Error("canary"), { issues: paths.map((name) => ({ path: [name], message: "canary" })) });
  };

  expect(control.plans(refuse(["token"]))[0]?.settingsError).toMatchObject({
    reason: "setting_missing",
    message: "Not set: token",
  });
  expect(control.plans(refuse(["workspace"]))[0]?.settingsError).toMatchObject({
    reason: "setting_invalid",
    message: "Not valid: workspace",
  });
});

describe("the database", () => {
  test("of a newer version is refused with the remedy and left as it is", () => {
    open();
    closeAll();
    const db = new DatabaseSync(join(folder, "control.db"));
    db.exec("PRAGMA user_version = 99");
    db.close();

    expect(() => open()).toThrow(expect.objectContaining({ code: "config_invalid", reason: "schema_newer" }));
  });

  test("that is none is refused as such", () => {
    writeFileSync(
      join(folder, "control.db"),
      "this is not a database, but it is long enough to be read as one".repeat(50),
    );

    expect(() => open()).toThrow(expect.objectContaining({ code: "storage" }));
  });

  test("opened for reading makes and changes nothing, while a server has it open", () => {
    const server = open();
    server.control.createCollector(aCollector(), { token: secret });
    const before = readdirSync(folder).sort();

    const { control } = open({ readOnly: true });

    expect(control.collectors()).toHaveLength(1);
    expect(control.plans(parse)[0]?.settings).toMatchObject({ token: secret });
    expect(() => control.createSite("hq")).toThrow(expect.objectContaining({ code: "storage" }));
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});
