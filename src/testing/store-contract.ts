import { describe } from "vitest";
import { attentionCases } from "./store-contract/attention.ts";
import { chainCases } from "./store-contract/chain.ts";
import { claimCases } from "./store-contract/claims.ts";
import { commitCases } from "./store-contract/commits.ts";
import { coverageCases } from "./store-contract/coverage.ts";
import { eachTest, type StoreUnderTest } from "./store-contract/fixture.ts";
import { ledgerCases } from "./store-contract/ledger.ts";
import { logCases } from "./store-contract/log.ts";
import { modelCases } from "./store-contract/model.ts";
import { removalCases } from "./store-contract/removal.ts";
import { reportCases } from "./store-contract/reports.ts";
import { rewindCases } from "./store-contract/rewinds.ts";
import { timeCases } from "./store-contract/time.ts";

export type { OpenedStore, StoreUnderTest } from "./store-contract/fixture.ts";

/** What every store must do, whatever database it stands on. */
export function testStore(store: StoreUnderTest): void {
  describe(store.name, () => {
    const fixture = eachTest(store);
    describe("commits", () => commitCases(fixture));
    describe("ledger", () => ledgerCases(fixture));
    describe("claims", () => claimCases(fixture));
    describe("attention", () => attentionCases(fixture));
    describe("log", () => logCases(fixture));
    describe("coverage", () => coverageCases(fixture));
    describe("reports", () => reportCases(fixture));
    describe("rewinds", () => rewindCases(fixture));
    describe("time", () => timeCases(fixture));
    describe("chain", () => chainCases(fixture, store));
    describe("removal", () => removalCases(fixture));
    describe("against a model", () => modelCases(store));
  });
}
