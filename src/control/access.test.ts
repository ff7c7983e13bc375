import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Access, Role } from "../model/access.ts";
import { hashPassword } from "../security/password.ts";
import { type OpenControl, openControl } from "./open-control.ts";
import { revokeAfterRestore } from "./restored.ts";

const password = "correct horse battery";
const origin = { ip: "192.0.2.1" };
const MINUTE_MS = 60_000;

let folder: string;
let opened: OpenControl;
let access: Access;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-access-"));
  now = Date.parse("2026-07-15T12:00:00Z");
  opened = openControl({
    path: join(folder, "control.db"),
    secretKeyPath: join(folder, "secret.key"),
    now: () => new Date(now),
    randomBytes,
    passwordCost: { memoryKib: 64, passes: 1, lanes: 1 },
  });
  access = opened.access;
});
afterEach(() => {
  opened.control.close();
  rmSync(folder, { recursive: true, force: true });
});

const reason = (expected: string) => expect.objectContaining({ code: "rejected", reason: expected });
const lastAction = () => access.accessRecord({ limit: 1 })[0];

describe("the first start", () => {
  test("the set-up token makes the first account, once, with the rights to administer and to read", async () => {
    const token = access.issueSetupToken()!;

    const { account, session } = await access.setUp({ token, name: "Anna", password }, origin);

    expect(account).toMatchObject({ name: "Anna", roles: ["admin", "analyst"] });
    expect(access.session(session)).toMatchObject({ kind: "account", name: "Anna" });
    expect(access.setupRequired()).toBe(false);
    expect(access.issueSetupToken()).toBeUndefined();
    await expect(access.setUp({ token, name: "Ben", password }, origin)).rejects.toEqual(reason("setup_done"));
    expect(lastAction()).toMatchObject({ who: "Anna", action: "setup" });
  });

  test("two set-ups at once make one account", async () => {
    const token = access.issueSetupToken()!;

    const both = await Promise.allSettled(
      ["Anna", "Ben"].map((name) => access.setUp({ token, name, password }, origin)),
    );

    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(access.accounts()).toHaveLength(1);
  });

  test("an earlier token has lost its force, and so has any other text", async () => {
    const earlier = access.issueSetupToken()!;
    access.issueSetupToken();

    for (const token of [earlier, "rubbish", ""])
      await expect(access.setUp({ token, name: "Anna", password }, origin)).rejects.toEqual(
        reason("setup_token_wrong"),
      );
    expect(access.setupRequired()).toBe(true);
  });

  test("guessing the token is slowed down", async () => {
    const token = access.issueSetupToken()!;
    for (let i = 0; i < 4; i++)
      await expect(access.setUp({ token: "guess", name: "Anna", password }, origin)).rejects.toEqual(
        reason("setup_token_wrong"),
      );

    await expect(access.setUp({ token, name: "Anna", password }, origin)).rejects.toEqual(reason("too_many_attempts"));
    now += 2_000;
    await access.setUp({ token, name: "Anna", password }, origin);
  });

  test("a weak password is refused", async () => {
    const token = access.issueSetupToken()!;

    await expect(access.setUp({ token, name: "Anna", password: "short" }, origin)).rejects.toEqual(
      reason("password_too_weak"),
    );
    expect(access.setupRequired()).toBe(true);
  });
});

describe("signing in", () => {
  beforeEach(() => access.createAccount({ name: "Anna", password, roles: ["operator"] }));

  test("works whatever the case of the name, gives a new session each time, and is recorded", async () => {
    const one = await access.signIn("anna", password, origin);
    const other = await access.signIn("ANNA", password, origin);

    expect(one.session).not.toBe(other.session);
    expect(Buffer.from(one.session, "base64url")).toHaveLength(32);
    expect(lastAction()).toMatchObject({ who: "Anna", action: "sign_in", detail: { ip: "192.0.2.1" } });
    expect(access.accounts()[0]?.lastSignInAt).toBe("2026-07-15T12:00:00.000Z");
  });

  test("an unknown name and a wrong password are told in the same words", async () => {
    const wrong = await access.signIn("anna", "wrong password 1", origin).catch((error: unknown) => error);
    const unknown = await access.signIn("nobody", "wrong password 1", origin).catch((error: unknown) => error);

    expect(wrong).toEqual(reason("wrong_credentials"));
    expect((unknown as Error).message).toBe((wrong as Error).message);
    expect(lastAction()).toMatchObject({ who: "nobody", action: "sign_in.failed" });
  });

  const fail = (name: string, ip: string) =>
    access.signIn(name, "wrong password 1", { ip }).catch((error: unknown) => error);

  test("failures make the account wait ever longer, up to half a minute, and a success ends it", async () => {
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      const error = (await fail("anna", `192.0.2.${i}`)) as { reason: string; retryAfterMs?: number };
      if (error.reason !== "too_many_attempts") continue;
      waits.push(error.retryAfterMs!);
      now += error.retryAfterMs!;
      await fail("anna", `198.51.100.${i}`);
    }

    expect(waits.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(Math.max(...waits)).toBe(30_000);
    await expect(access.signIn("anna", password, origin)).rejects.toEqual(reason("too_many_attempts"));
    now += 30_000;
    await access.signIn("anna", password, origin);
    expect(await fail("anna", "192.0.2.99")).toEqual(reason("wrong_credentials"));
  });

  test("attempts sent at once do not slip past", async () => {
    const errors = await Promise.all(Array.from({ length: 20 }, () => fail("anna", origin.ip)));

    const wrong = errors.filter((error) => (error as { reason: string }).reason === "wrong_credentials");
    expect(wrong).toHaveLength(4);
  });

  test("failures at many accounts make the address wait, and no other one", async () => {
    for (let i = 0; i < 11; i++) await fail(`account ${i}`, "192.0.2.66");

    expect(await fail("anna", "192.0.2.66")).toEqual(reason("too_many_attempts"));
    await access.signIn("anna", password, origin);
  });

  test("failures are forgotten after a day", async () => {
    for (let i = 0; i < 4; i++) await fail("anna", origin.ip);
    now += 25 * 60 * MINUTE_MS;

    expect(await fail("anna", origin.ip)).toEqual(reason("wrong_credentials"));
  });
});

describe("a session", () => {
  const sessionOf = async (roles: Parameters<Access["createAccount"]>[0]["roles"]) => {
    await access.createAccount({ name: "Anna", password, roles });
    return (await access.signIn("Anna", password, origin)).session;
  };

  test("ends when it is signed out, for good", async () => {
    const session = await sessionOf(["viewer"]);

    access.signOut(session);

    expect(access.session(session)).toBeUndefined();
  });

  test("of somebody who may read content ends after 15 minutes without use", async () => {
    const session = await sessionOf(["admin", "analyst"]);
    for (let i = 0; i < 10; i++) {
      now += 14 * MINUTE_MS;
      expect(access.session(session), `after ${i} uses`).toBeDefined();
    }

    now += 15 * MINUTE_MS;

    expect(access.session(session)).toBeUndefined();
  });

  test("of others ends after an hour without use", async () => {
    const session = await sessionOf(["viewer"]);

    now += 59 * MINUTE_MS;
    expect(access.session(session)).toBeDefined();
    now += 60 * MINUTE_MS;
    expect(access.session(session)).toBeUndefined();
  });

  test("ends after eight hours however much it is used", async () => {
    const session = await sessionOf(["viewer"]);
    for (let minutes = 10; minutes < 480; minutes += 10) {
      now += 10 * MINUTE_MS;
      expect(access.session(session), `after ${minutes} minutes`).toBeDefined();
    }

    now += 10 * MINUTE_MS;

    expect(access.session(session)).toBeUndefined();
  });

  test("that nobody has is nobody's", () => {
    expect(access.session("")).toBeUndefined();
    expect(access.session(randomBytes(32).toString("base64url"))).toBeUndefined();
  });
});

describe("an API token", () => {
  const make = (change = {}) =>
    access.createToken({ name: "ci", role: "analyst", expiresInDays: 30, createdBy: "anna", ...change });

  test("speaks with its role until it ends", () => {
    const { text, info } = make();

    expect(access.token(text)).toEqual({ kind: "token", id: info.id, name: "ci", roles: ["analyst"] });
    expect(access.tokens()).toMatchObject([
      { name: "ci", role: "analyst", createdBy: "anna", expiresAt: "2026-08-14T12:00:00.000Z" },
    ]);
    expect(JSON.stringify(access.tokens())).not.toContain(text);
    now += 30 * 24 * 60 * MINUTE_MS;
    expect(access.token(text)).toBeUndefined();
  });

  test("that is revoked, unknown or of another kind is nobody's", () => {
    const { text, info } = make();
    const setup = access.issueSetupToken()!;

    access.revokeToken(info.id);

    for (const given of [text, setup, "", "cistern_api_x"]) expect(access.token(given)).toBeUndefined();
    expect(access.tokens()).toEqual([]);
    expect(() => access.revokeToken(info.id)).toThrow(/no token/);
  });

  test("is valid for a year at most", () => {
    for (const expiresInDays of [0, 366, 1.5]) expect(() => make({ expiresInDays })).toThrow(/1 to 365/);
  });
});

describe("the access record", () => {
  test("is read backwards in pages", () => {
    for (let i = 0; i < 5; i++) access.record({ who: "anna", action: `act_${i}`, object: undefined, detail: { i } });

    const first = access.accessRecord({ limit: 2 });
    const second = access.accessRecord({ limit: 2, before: first.at(-1)!.id });

    expect([...first, ...second].map(({ action }) => action)).toEqual(["act_4", "act_3", "act_2", "act_1"]);
    expect(first[0]).toMatchObject({ who: "anna", detail: { i: 4 }, at: "2026-07-15T12:00:00.000Z" });
  });

  test("cannot be changed or deleted, not even by hand", () => {
    access.record({ who: "anna", action: "read", object: undefined, detail: undefined });
    const db = new DatabaseSync(join(folder, "control.db"));

    expect(() => db.exec("UPDATE access_record SET who = 'ben'")).toThrow(/append-only/);
    expect(() => db.exec("DELETE FROM access_record")).toThrow(/append-only/);
    db.close();
  });
});

test("after a restore no token and no session of before is in force, and accounts are", async () => {
  await access.createAccount({ name: "Anna", password, roles: ["viewer"] });
  const { session } = await access.signIn("Anna", password, origin);
  const { text } = access.createToken({ name: "ci", role: "viewer", expiresInDays: 1, createdBy: "anna" });

  const revoked = revokeAfterRestore(join(folder, "control.db"), new Date(now));

  expect(revoked).toEqual({ tokens: 1, invitations: 0, sessions: 1 });
  expect(access.session(session)).toBeUndefined();
  expect(access.token(text)).toBeUndefined();
  await access.signIn("Anna", password, origin);
});

describe("accounts of other people", () => {
  let anna: string;
  beforeEach(async () => {
    anna = (await access.createAccount({ name: "Anna", password, roles: ["admin"] })).id;
  });
  const invite = (roles: readonly Role[] = ["viewer"]) => access.inviteAccount({ name: "Ben", roles });
  const accept = (token: string, chosen = "a password of Ben's own") =>
    access.acceptInvitation({ token, password: chosen }, origin);

  test("an invited person chooses the password, once, and nobody signs in before", async () => {
    const { account, invitation } = invite(["operator"]);
    expect(account).toMatchObject({ name: "Ben", roles: ["operator"], invitedUntil: "2026-07-18T12:00:00.000Z" });
    await expect(access.signIn("Ben", "", origin)).rejects.toEqual(reason("wrong_credentials"));
    await expect(access.signIn("Ben", invitation.text, origin)).rejects.toEqual(reason("wrong_credentials"));

    const { session } = await accept(invitation.text);

    expect(access.session(session)).toMatchObject({ name: "Ben", roles: ["operator"] });
    expect(lastAction()).toMatchObject({ who: "Ben", action: "account.accepted", object: account.id });
    expect(access.accounts().find(({ name }) => name === "Ben")?.invitedUntil).toBeUndefined();
    await access.signIn("Ben", "a password of Ben's own", origin);
    await expect(accept(invitation.text)).rejects.toEqual(reason("invitation_wrong"));
  });

  test("two who follow one link at once get one account", async () => {
    const { invitation } = invite();

    const both = await Promise.allSettled([accept(invitation.text), accept(invitation.text, "another long password")]);

    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("a link is good for three days, and another one takes its place", async () => {
    const { account, invitation } = invite();
    const second = access.resetPassword(account.id).invitation;

    await expect(accept(invitation.text)).rejects.toEqual(reason("invitation_wrong"));
    now += 3 * 24 * 60 * MINUTE_MS;
    await expect(accept(second.text)).rejects.toEqual(reason("invitation_wrong"));
    now -= 1;
    await accept(second.text);
  });

  test("a weak password is refused and the link stays good; guessed links are slowed down", async () => {
    const { invitation } = invite();
    await expect(accept(invitation.text, "short")).rejects.toEqual(reason("password_too_weak"));
    for (let i = 0; i < 4; i++) await expect(accept("guess")).rejects.toEqual(reason("invitation_wrong"));
    await expect(accept(invitation.text)).rejects.toEqual(reason("too_many_attempts"));
    now += 2_000;
    await accept(invitation.text);
  });

  test("a reset takes the password away at once and ends every session", async () => {
    const { invitation, account } = invite();
    const { session } = await accept(invitation.text);

    access.resetPassword(account.id);

    expect(access.session(session)).toBeUndefined();
    await expect(access.signIn("Ben", "a password of Ben's own", origin)).rejects.toEqual(reason("wrong_credentials"));
  });

  test("other roles and removal end the sessions of the account and of no other", async () => {
    const own = (await access.signIn("Anna", password, origin)).session;
    const { invitation, account } = invite();
    const first = (await accept(invitation.text)).session;

    expect(access.changeRoles(account.id, ["analyst"]).roles).toEqual(["analyst"]);
    expect(access.session(first)).toBeUndefined();
    const second = (await access.signIn("Ben", "a password of Ben's own", origin)).session;
    access.removeAccount(account.id);

    expect(access.session(second)).toBeUndefined();
    expect(access.session(own)).toMatchObject({ name: "Anna" });
    await expect(access.signIn("Ben", "a password of Ben's own", origin)).rejects.toEqual(reason("wrong_credentials"));
    expect(() => access.removeAccount(account.id)).toThrow(reason("not_found"));
  });

  test("the last administrator stays one, and one who has yet to choose a password does not count", async () => {
    const { invitation } = invite(["admin"]);
    const takeAway = [
      () => access.changeRoles(anna, ["viewer"]),
      () => access.resetPassword(anna),
      () => access.removeAccount(anna),
    ];

    for (const each of takeAway) expect(each).toThrow(reason("last_admin"));
    await access.signIn("Anna", password, origin);
    expect(access.accounts().find(({ id }) => id === anna)?.roles).toEqual(["admin"]);

    await accept(invitation.text);
    for (const each of takeAway) each();
    expect(access.accounts().map(({ name }) => name)).toEqual(["Ben"]);
  });

  test("a person changes the own password with the present one, and only the new session goes on", async () => {
    const { session } = await access.signIn("Anna", password, origin);
    const change = (current: string, next: string) => access.changePassword(anna, { current, password: next }, origin);

    await expect(change("not it, surely", "the next long password")).rejects.toEqual(reason("wrong_credentials"));
    await expect(change(password, "short")).rejects.toEqual(reason("password_too_weak"));
    const next = await change(password, "the next long password");

    expect(access.session(session)).toBeUndefined();
    expect(access.session(next)).toMatchObject({ name: "Anna" });
    expect(lastAction()).toMatchObject({ who: "Anna", action: "account.password_changed", object: anna });
    await access.signIn("Anna", "the next long password", origin);
  });

  test("after a restore no link of the backup is good", async () => {
    const { invitation } = invite();
    opened.control.close();
    expect(revokeAfterRestore(join(folder, "control.db"), new Date(now))).toMatchObject({ invitations: 1 });
    opened = openControl({
      path: join(folder, "control.db"),
      secretKeyPath: join(folder, "secret.key"),
      now: () => new Date(now),
      randomBytes,
      passwordCost: { memoryKib: 64, passes: 1, lanes: 1 },
    });
    access = opened.access;

    await expect(accept(invitation.text)).rejects.toEqual(reason("invitation_wrong"));
  });
});

test("accounts of the first schema keep their password", async () => {
  opened.control.close();
  const path = join(folder, "old.db");
  const old = new DatabaseSync(path);
  old.exec(readFileSync(join(import.meta.dirname, "migrations/0001-control.sql"), "utf8"));
  const hash = await hashPassword(password, randomBytes(16), { memoryKib: 64, passes: 1, lanes: 1 });
  old
    .prepare("INSERT INTO accounts VALUES ('acc_1', 'Anna', 'anna', '[\"admin\"]', ?, '2026-07-01T00:00:00Z', NULL)")
    .run(hash);
  old.exec("PRAGMA user_version = 1");
  old.close();
  opened = openControl({ path, secretKeyPath: join(folder, "k"), now: () => new Date(now), randomBytes });

  await opened.access.signIn("Anna", password, origin);
  expect(opened.access.accounts()).toMatchObject([{ name: "Anna", invitedUntil: undefined }]);
});
