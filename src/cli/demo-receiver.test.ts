import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { frames, startDemoReceiver } from "./demo-receiver.ts";

const framed = (text: string) => `${Buffer.byteLength(text)} ${text}`;

test.each([1, 2, 3, 7, 1_000])("messages are found in pieces of %i bytes", (size) => {
  const texts = ["<13>1 a größe", "<13>1 12 7 b", "<13>1 c\nd"];
  const stream = Buffer.from(texts.map(framed).join(""));
  const found: string[] = [];
  const read = frames((message) => found.push(message.toString("utf8")));

  for (let at = 0; at < stream.length; at += size) expect(read(stream.subarray(at, at + size))).toBe(true);

  expect(found).toEqual(texts);
});

test.each(["GET / HTTP/1.1\r\n", "x 1", "123456789", "-1 a", "0 "])("%j is no syslog with lengths", (text) => {
  expect(frames(() => undefined)(Buffer.from(text))).toBe(false);
});

test("it says the first message, then at most one a minute, with nothing of the content", async () => {
  const said: string[] = [];
  let minute = 0;
  const now = () => new Date(minute * 60_000);
  const receiver = await startDemoReceiver({ now, say: (line) => said.push(line) });
  const socket = connect(receiver.port, "127.0.0.1");
  await once(socket, "connect");
  const message = framed('<13>1 - cistern - - [cistern@32473 data_source="audit-log\u001b"] {"secret":"canary"}');

  socket.write(message.repeat(3));
  await expect.poll(() => said.length).toBe(1);
  minute = 1;
  socket.write(message.repeat(2));
  await expect.poll(() => said.length).toBe(2);
  const other = connect(receiver.port, "127.0.0.1");
  other.write("GET / HTTP/1.1\r\n");
  await once(
    other.on("error", () => undefined),
    "close",
  );
  socket.on("error", () => undefined);
  await receiver.stop();

  expect(said).toEqual([
    "Syslog receiver: the first message has come in, the latest from audit-log\\u001b.",
    "Syslog receiver: 4 messages have come in, the latest from audit-log\\u001b.",
  ]);
});
