import { parquetMetadata } from "hyparquet";
import { describe, expect, test } from "vitest";
import { parquetRows } from "../../testing/read-parquet.ts";
import { type OcsfEvent, ocsfParquet } from "./ocsf-parquet.ts";

const roundTrip = async (...events: readonly OcsfEvent[]) => parquetRows(await ocsfParquet(events, "ZSTD"));

describe("OCSF events as Parquet", () => {
  test("objects are groups, arrays are lists, and what an event lacks is null", async () => {
    const [first, second] = await roundTrip(
      {
        class_uid: 6003,
        time: 1_784_129_345_746,
        is_alert: false,
        actor: { user: { uid: "user-ada", email_addr: "ada@example.com" } },
        resources: [{ uid: "conv-1", tags: ["a", "b"] }, { uid: "conv-2" }],
        metadata: { version: "1.8.0", profiles: ["ai_operation"] },
      },
      { class_uid: 6003, time: 1, actor: { user: { uid: "user-bob", risk: 0.5 } }, resources: [] },
    );

    expect(first).toEqual({
      actor: { user: { uid: "user-ada", email_addr: "ada@example.com", risk: null } },
      class_uid: 6003n,
      is_alert: false,
      metadata: { profiles: ["ai_operation"], version: "1.8.0" },
      resources: [
        { uid: "conv-1", tags: ["a", "b"] },
        { uid: "conv-2", tags: null },
      ],
      time: 1_784_129_345_746n,
    });
    expect(second).toMatchObject({ actor: { user: { uid: "user-bob", risk: 0.5 } }, time: 1n });
    expect(second?.is_alert ?? null).toBeNull();
  });

  test("integers are 64 bits wide, and become doubles only beside fractions or beyond what is exact", async () => {
    const bytes = await ocsfParquet(
      [
        { a: 1, b: 1, c: 2 ** 60 },
        { a: 2, b: 1.5 },
      ],
      "SNAPPY",
    );

    const types = parquetMetadata(Uint8Array.from(bytes).buffer).schema.map(({ name, type }) => `${name} ${type}`);

    expect(types.slice(1)).toEqual(["a INT64", "b DOUBLE", "c DOUBLE"]);
    expect((await parquetRows(bytes)).map(({ b }) => b)).toEqual([1, 1.5]);
  });

  test("what is free-form, of mixed types or without end is JSON text", async () => {
    let deep: unknown = "end";
    for (let i = 0; i < 100; i++) deep = { deep };
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`field ${i}`, i]));

    const rows = await roundTrip(
      { unmapped: { a: 1, "b c": [null] }, mixed: "text", wide },
      { unmapped: { z: { y: "x" } }, mixed: { n: 1 }, deep },
    );

    expect(rows.map(({ unmapped }) => JSON.parse(String(unmapped)))).toEqual([
      { a: 1, "b c": [null] },
      { z: { y: "x" } },
    ]);
    expect(rows.map(({ mixed }) => mixed)).toEqual(["text", '{"n":1}']);
    expect(JSON.parse(String(rows[0]?.wide))).toEqual(wide);
    expect(JSON.stringify(rows[1]?.deep)).toContain("end");
  });

  test("names of every object's own members are names as any other, and empty things are left out", async () => {
    const hostile = JSON.parse(
      '{"o":{"__proto__":{"x":1},"constructor":null,"toString":"t"},"e":{},"l":[],"n":[[],[{}]]}',
    );

    const [first, second] = await roundTrip(hostile, { o: { a: 1 } });

    expect(Object.keys(first ?? {})).toEqual(["o"]);
    expect(first?.o).toHaveProperty("toString", "t");
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(second?.o).toHaveProperty("a", 1n);
  });

  test("the same events give the same bytes, in whatever order their members stand", async () => {
    const once = await ocsfParquet([{ a: 1, b: { c: "x", d: ["y"] } }], "ZSTD");
    const again = await ocsfParquet([{ b: { d: ["y"], c: "x" }, a: 1 }], "ZSTD");

    expect(Buffer.compare(once, again)).toBe(0);
  });
});
