import { expect, test } from "vitest";
import { s3 } from "../s3.ts";
import { bucketUrl } from "./s3-request.ts";
import type { S3Settings } from "./s3-settings.ts";

const key = { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "secret" };
const settings = (given: Record<string, unknown>) =>
  s3.settings.parse({ region: "eu-central-1", bucket: "events", ...key, ...given }) as S3Settings;

test.each([
  [{}, "https://events.s3.eu-central-1.amazonaws.com/"],
  [{ path_style: true }, "https://s3.eu-central-1.amazonaws.com/events/"],
  [{ region: "cn-north-1" }, "https://events.s3.cn-north-1.amazonaws.com.cn/"],
  [{ bucket: "logs.example.com" }, "https://s3.eu-central-1.amazonaws.com/logs.example.com/"],
  [{ bucket: "Old_Bucket" }, "https://s3.eu-central-1.amazonaws.com/Old_Bucket/"],
  [{ endpoint: "https://storage.example.com" }, "https://events.storage.example.com/"],
  [{ endpoint: "https://minio.example.com:9000/", path_style: true }, "https://minio.example.com:9000/events/"],
  [
    { endpoint: "https://example.com/storage/v1/s3/?x=1", path_style: true },
    "https://example.com/storage/v1/s3/events/",
  ],
])("the bucket of %j is at %s", (given, url) => {
  expect(bucketUrl(settings(given)).href).toBe(url);
});

test.each([
  ["bucket", "a/b"],
  ["bucket", "../x"],
  ["prefix", "/logs"],
  ["prefix", "logs/"],
  ["prefix", "a/../b"],
  ["prefix", "a b"],
  ["region", "eu.central"],
  ["secret_access_key", "with space"],
  ["endpoint", "ftp://example.com"],
  ["security_lake_source", "a/b"],
])("%s may not be %s", (name, value) => {
  expect(() => settings({ [name]: value })).toThrow();
});

test("the layout of Security Lake needs an account", () => {
  expect(() => settings({ layout: "security-lake" })).toThrow(/account/);
});
