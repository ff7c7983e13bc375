import { expect, test } from "vitest";
import { hostList, hostsOf, hostText } from "./hosts.ts";

test("hosts with and without a port, separated by spaces or commas", () => {
  const text = " one.example:1, two.example [::1]:3\n10.0.0.1 ";

  expect(hostsOf(text, 4222).map(hostText)).toEqual(["one.example:1", "two.example:4222", "[::1]:3", "10.0.0.1:4222"]);
  expect(hostList("one.example", 4222).safeParse(text).success).toBe(true);
});

test.each([
  "",
  " ",
  "one.example:0",
  "one.example:65536",
  "nats://one.example",
  "a/b",
  "user@host",
  "::1",
  "[::1",
  "-a",
  "a b:x",
])("%j is no list of hosts", (text) => {
  expect(hostList("one.example", 4222).safeParse(text).success).toBe(false);
});

test("where no port is usual, each host has to have one", () => {
  const list = hostList("one.example:9092", undefined);

  expect(list.safeParse("one.example:9092").success).toBe(true);
  expect(list.safeParse("one.example").success).toBe(false);
});

test("literal IPv6 addresses are refused for a client that cannot take them", () => {
  expect(hostList("one.example:9092", undefined, false).safeParse("[2001:db8::1]:9092").success).toBe(false);
});
