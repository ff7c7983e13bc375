import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { CollectorError } from "../model/errors.ts";
import { remote, serve } from "./rpc.ts";

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

function connected<T extends object>(target: T, transfer?: Parameters<typeof remote>[1]) {
  const channel = new MessageChannel();
  channels.push(channel);
  serve(channel.port1, target);
  return remote<T>(channel.port2, transfer);
}

test("a method of the other thread answers with its value", async () => {
  const { api } = connected({ add: async (a: number, b: number) => a + b });

  expect(await Promise.all([api.add(1, 2), api.add(3, 4)])).toEqual([3, 7]);
});

test("an error keeps its code, reason and advice across the threads", async () => {
  const refused = new CollectorError("auth_failed", "Refused", {
    reason: "scope_missing",
    action: "Ask for it",
    status: 403,
  });
  const { api } = connected({ list: async (): Promise<void> => Promise.reject(refused) });

  await expect(api.list()).rejects.toMatchObject({
    name: "CollectorError",
    code: "auth_failed",
    reason: "scope_missing",
    action: "Ask for it",
    status: 403,
  });
});

test("a transferred buffer arrives whole and is gone here", async () => {
  const { api } = connected({ size: async (bytes: Uint8Array) => bytes.byteLength }, (_, [bytes]) => [
    (bytes as Uint8Array<ArrayBuffer>).buffer,
  ]);
  const bytes = new Uint8Array(1_000);

  expect(await api.size(bytes)).toBe(1_000);
  expect(bytes.byteLength).toBe(0);
});

test("calls under way are rejected when the other thread is gone", async () => {
  const { api, fail } = connected({ never: () => new Promise<void>(() => {}) });
  const call = api.never();

  fail(new Error("The thread ended"));

  await expect(call).rejects.toThrow("The thread ended");
  await expect(api.never()).rejects.toThrow("The thread ended");
});
