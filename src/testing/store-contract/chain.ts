import { expect, test } from "vitest";
import {
  ALLOWANCE_MS,
  aCommit,
  aFile,
  aLine,
  collect,
  type Fixture,
  KEY,
  minute,
  minuteUs,
  type OpenedStore,
  OTHER_SOURCE,
  type StoreUnderTest,
  wholeLog,
} from "./fixture.ts";

export function chainCases({ use, reopen, lease }: Fixture, { open }: StoreUnderTest): void {
  test("every file that gets done is linked to the one before it, each data source by itself", async () => {
    const { store, chainHeads, chainFaults } = use();
    const held = await lease();
    const empty = chainHeads();

    await collect(store, held, { id: "f1" }, [
      aLine("e1"),
      aLine("e2"),
      aLine("e1"),
      { raw: "}", unreadable: "no JSON" },
    ]);
    const first = chainHeads();
    await collect(store, held, { id: "f2" }, []);
    await collect(store, held, { id: "f3" }, [
      { ...aLine("e3"), type: "RARE" },
      aLine("e2"),
      aLine("a\0b\u{1F600}", -9),
    ]);
    await store.recordListing(held, KEY, [aFile("f4", 4)], minute(60));

    expect(empty).toMatchObject([{ links: 0 }, { links: 0 }]);
    expect(chainHeads()).toMatchObject([
      { dataSource: KEY.dataSource, links: 3 },
      { dataSource: OTHER_SOURCE.dataSource, links: 0 },
    ]);
    expect(new Set([...empty, ...first, ...chainHeads()].map(({ head }) => head)).size).toBe(4);
    expect(chainFaults()).toEqual([]);
  });

  test("a file that is handed over again, or rolled back, adds no link", async () => {
    const { store, chainHeads, chainFaults } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1")]);
    const before = chainHeads();

    await store.commitFile(held, aCommit("f1", [aLine("e1")]), ALLOWANCE_MS);
    const fenced = store.commitFile({ ...held, epoch: 0 }, aCommit("f1", [aLine("e1")]), ALLOWANCE_MS);

    await expect(fenced).rejects.toMatchObject({ code: "fenced" });
    expect(chainHeads()).toEqual(before);
    expect(chainFaults()).toEqual([]);
  });

  test("the same files in the same order give the same head, another order another", async () => {
    const head = async (order: readonly string[]) => {
      const opened = await open();
      const held = await opened.store.lease(KEY.collectorId, [KEY.dataSource]);
      for (const id of order) await collect(opened.store, held, { id }, [aLine(`e-${id}`)]);
      const [only] = opened.chainHeads();
      await opened.destroy();
      return only?.head;
    };

    expect(await head(["f1", "f2"])).toBe(await head(["f1", "f2"]));
    expect(await head(["f1", "f2"])).not.toBe(await head(["f2", "f1"]));
  });

  test("retention and erasure leave every link as it was, also after a restart", async () => {
    const { store, reader, erase, chainHeads } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1", 1), aLine("e2", 2)]);
    await collect(store, held, { id: "f2" }, [aLine("e3", 3), aLine("e4", 4)]);
    const before = chainHeads();

    await store.removeExpired(held, KEY, minuteUs(2), 10);
    await erase([(await wholeLog(reader)).at(-1)!.seq], minute(70));

    expect(chainHeads()).toEqual(before);
    const { store: again, chainFaults } = await reopen();
    expect(chainFaults()).toEqual([]);
    await collect(again, await lease(), { id: "f3" }, [aLine("e5"), aLine("e4", 4)]);
    expect(use().chainHeads()).toMatchObject([{ links: 3 }, { links: 0 }]);
    expect(chainFaults()).toEqual([]);
  });

  test("a removed collector takes its chain along, and begins a new one when it comes again", async () => {
    const opened: OpenedStore = use();
    await collect(opened.store, await lease(), { id: "f1" }, [aLine("e1")]);

    await opened.store.removeCollector(KEY.collectorId);

    expect(opened.chainHeads()).toEqual([]);
    await collect(opened.store, await lease(), { id: "f1" }, [aLine("e1")]);
    expect(opened.chainHeads()).toMatchObject([{ links: 1 }, { links: 0 }]);
    expect(opened.chainFaults()).toEqual([]);
  });
}
