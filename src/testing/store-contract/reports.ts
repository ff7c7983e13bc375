import { expect, test } from "vitest";
import type { NewReport, SignedReport } from "../../model/report.ts";
import { ALLOWANCE_MS, aFile, aLine, collect, type Fixture, KEY, minute } from "./fixture.ts";

const aReport = (id: string, over: Partial<NewReport> = {}): NewReport => ({
  id,
  collectorId: KEY.collectorId,
  dataSources: [KEY.dataSource],
  from: minute(0),
  to: minute(30),
  issuedAt: minute(60),
  issuedBy: "sam",
  ...over,
});

const signed: SignedReport = {
  document: Buffer.from('{"exact":"bytes"}\n'),
  sha256: "ab".repeat(32),
  publicKey: "cd".repeat(32),
  completeThrough: { [KEY.dataSource]: minute(20) },
  corrects: [],
};

export function reportCases({ use, lease, reopen }: Fixture): void {
  const changed = async (id: string) => {
    const reports = await use().reader.issuedReports(KEY.collectorId, 10);
    return reports.find((report) => report.id === id)?.sources[0]?.changed;
  };

  test("a signed report is kept with its exact bytes, the latest first", async () => {
    const { store } = use();
    await lease();
    for (const [index, id] of ["rep_1", "rep_2"].entries()) {
      await store.beginReport(aReport(id, { issuedAt: minute(60 + index) }));
      await store.finishReport(id, signed);
    }

    const { reader } = await reopen();
    expect((await reader.issuedReports(KEY.collectorId, 10)).map(({ id }) => id)).toEqual(["rep_2", "rep_1"]);
    expect((await reader.issuedReports(KEY.collectorId, 1)).map(({ id }) => id)).toEqual(["rep_2"]);
    expect((await reader.issuedReports(KEY.collectorId, 10))[1]).toEqual({
      ...aReport("rep_1"),
      sha256: signed.sha256,
      publicKey: signed.publicKey,
      sources: [{ dataSource: KEY.dataSource, completeThrough: minute(20), changed: false, correctedBy: undefined }],
    });
    expect(Buffer.from((await reader.reportDocument("rep_1"))!).toString()).toBe('{"exact":"bytes"}\n');
    expect(await reader.reportDocument("rep_0")).toBeUndefined();
  });

  test("a report that was never finished is none", async () => {
    const { store, reader } = use();
    await lease();

    await store.beginReport(aReport("rep_1"));

    expect(await reader.issuedReports(KEY.collectorId, 10)).toEqual([]);
    expect(await reader.reportDocument("rep_1")).toBeUndefined();
  });

  test("files and gaps that change in its interval change a report, others do not", async () => {
    const { store } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("waits", 10)], minute(60));
    const begin = async (id: string) => {
      await store.beginReport(aReport(id));
      await store.finishReport(id, signed);
    };
    await begin("rep_1");
    await collect(store, held, { id: "outside", end: 31 }, [aLine("e0")]);
    await store.recordGap(
      held,
      { ...KEY, from: minute(40), to: minute(50), reason: "stopped_too_long", files: 0 },
      minute(61),
    );
    expect(await changed("rep_1")).toBe(false);
    await collect(store, held, { id: "waits", end: 10 }, [aLine("e1")]);
    expect(await changed("rep_1")).toBe(true);

    await begin("rep_2");
    expect(await changed("rep_2")).toBe(false);
    await store.recordListing(held, KEY, [aFile("late", 12)], minute(62));
    expect(await changed("rep_2")).toBe(true);

    await begin("rep_3");
    await store.expireFile(held, KEY, "late", minute(63), ALLOWANCE_MS);
    expect(await changed("rep_3")).toBe(true);

    await begin("rep_4");
    const gap = { from: minute(20), to: minute(25), reason: "stopped_too_long", files: 0 } as const;
    await store.recordGap(held, { ...KEY, ...gap }, minute(64));
    expect(await changed("rep_4")).toBe(true);
  });

  test("what changes while a report is made counts as changed, and the report that names it is known", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.beginReport(aReport("rep_1"));
    await store.recordListing(held, KEY, [aFile("late", 12)], minute(62));
    await store.finishReport("rep_1", signed);
    await store.beginReport(aReport("rep_2"));
    await store.finishReport("rep_2", { ...signed, corrects: ["rep_1"] });

    const reports = await reader.issuedReports(KEY.collectorId, 10);
    const source = (id: string) => reports.find((report) => report.id === id)?.sources[0];
    expect(source("rep_1")).toMatchObject({ changed: true, correctedBy: "rep_2" });
    expect(source("rep_2")).toMatchObject({ changed: false, correctedBy: undefined });
  });

  test("reports go with their collector", async () => {
    const { store, reader } = use();
    await lease();
    await store.beginReport(aReport("rep_1"));
    await store.finishReport("rep_1", signed);

    await store.removeCollector(KEY.collectorId);

    expect(await reader.issuedReports(KEY.collectorId, 10)).toEqual([]);
    expect(await reader.reportDocument("rep_1")).toBeUndefined();
  });
}
