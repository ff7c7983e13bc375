import { expect, test } from "vitest";
import { accessTokens, askWithToken, tokenIn } from "./access-token.ts";

const signal = new AbortController().signal;

/** A cache on a clock of its own; tokens are `t1`, `t2`, … */
function world(lifetimeMs: number) {
  const clock = { ms: 0, askedFor: 0 };
  const ask = async () => {
    clock.ms += 1_000;
    clock.askedFor++;
    return { value: `t${clock.askedFor}`, lifetimeMs };
  };
  return { clock, tokens: accessTokens(ask, () => clock.ms) };
}

test("a token is used until five minutes before it expires, counted from when it was asked for", async () => {
  const { clock, tokens } = world(3_600_000);
  await tokens.get(signal);

  clock.ms = 3_299_999;
  const before = await tokens.get(signal);
  clock.ms = 3_300_000;
  const after = await tokens.get(signal);

  expect([before, after]).toEqual(["t1", "t2"]);
});

test("a token of a minute is used for four fifths of it", async () => {
  const { clock, tokens } = world(60_000);
  await tokens.get(signal);

  clock.ms = 47_999;
  const before = await tokens.get(signal);
  clock.ms = 48_000;

  expect([before, await tokens.get(signal)]).toEqual(["t1", "t2"]);
});

test("a failed request for a token is not kept: the next one asks again", async () => {
  let attempts = 0;
  const tokens = accessTokens(
    async () => {
      if (attempts++ === 0) throw new Error("not now");
      return { value: "good", lifetimeMs: 60_000 };
    },
    () => 0,
  );

  await expect(tokens.get(signal)).rejects.toThrow("not now");
  expect(await tokens.get(signal)).toBe("good");
});

test("401 is asked once more with a new token, anything else is not", async () => {
  const { tokens } = world(3_600_000);
  const used: string[] = [];
  const answering = (status: number) => async (token: string) => {
    used.push(`${status} ${token}`);
    return { status, headers: new Headers(), text: "" };
  };

  const refused = await askWithToken(tokens, signal, answering(401));
  await askWithToken(tokens, signal, answering(403));

  expect(refused.status).toBe(401);
  expect(used).toEqual(["401 t1", "401 t2", "403 t2"]);
});

test.each([
  ['{"access_token":"abc","expires_in":3599}', { value: "abc", lifetimeMs: 3_599_000 }],
  ['{"access_token":"abc","expires_in":"60"}', { value: "abc", lifetimeMs: 60_000 }],
])("reads %s", (text, token) => {
  expect(tokenIn({ status: 200, headers: new Headers(), text }, "login.example")).toEqual(token);
});

test.each(["<html>", "null", '{"access_token":"","expires_in":1}', '{"access_token":"hidden-token","expires_in":-1}'])(
  "an answer that is no token, %s, is told without its text",
  (text) => {
    const read = () => tokenIn({ status: 200, headers: new Headers(), text }, "login.example");

    expect(read).toThrow(expect.objectContaining({ code: "protocol", message: expect.not.stringContaining("hidden") }));
  },
);
