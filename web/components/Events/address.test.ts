import { expect, test } from "vitest";
import { apiFilters, chosen, eventsSearch, withChosen } from "./address.ts";

test("several values of a filter stay in the address and are asked for one by one", () => {
  const search = eventsSearch({ q: "a OR b", type: "AUDIT_LOG,AUTH_LOG", site: "site_1,site_2", nonsense: "x" });

  expect(chosen(search, "type")).toEqual(["AUDIT_LOG", "AUTH_LOG"]);
  expect(apiFilters(search, { from: "2026-07-15T00:00:00Z" }).toString()).toBe(
    "type=AUDIT_LOG&type=AUTH_LOG&site=site_1&site=site_2&q=a+OR+b&from=2026-07-15T00%3A00%3A00Z",
  );
  expect(apiFilters(search, {}, "type").getAll("type")).toEqual([]);
});

test("a filter without values leaves the address", () => {
  const search = withChosen({ q: "a" }, "source", ["audit-log", "NEW_KIND"]);

  expect(search).toEqual({ q: "a", source: "audit-log,NEW_KIND" });
  expect(withChosen(search, "source", [])).toEqual({ q: "a" });
});
