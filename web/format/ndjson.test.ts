import fc from "fast-check";
import { expect, test } from "vitest";
import { ndjson } from "./ndjson.ts";

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

test("objects arrive whole, wherever the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ id: fc.string({ unit: "grapheme" }) })),
      fc.integer({ min: 1, max: 9 }),
      async (objects, size) => {
        const bytes = new TextEncoder().encode(objects.map((object) => `${JSON.stringify(object)}\n`).join(""));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.slice(index * size, (index + 1) * size),
        );

        const found = await Array.fromAsync(ndjson<object>(streamOf(chunks)));

        expect(found).toEqual(objects);
      },
    ),
  );
});

test("a last line without its line feed counts", async () => {
  const found = await Array.fromAsync(ndjson<object>(streamOf([new TextEncoder().encode('{"a":1}\n\n{"b":2}')])));

  expect(found).toEqual([{ a: 1 }, { b: 2 }]);
});
