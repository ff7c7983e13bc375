// Destinations that are files, objects or tables.
import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { AwsClient } from "aws4fetch";
import pg from "pg";
import { createTable as createClickhouseTable } from "../../src/destinations/parts/clickhouse-table.ts";
import { createTable } from "../../src/destinations/parts/postgresql-table.ts";
import { clickhousePassword, clickhouseServer, clickhouseUser } from "../../src/testing/clickhouse-server.ts";
import { postgresqlAddress, testSchema, withoutPostgresql } from "../../src/testing/postgresql.ts";
import { ACCESS_KEY_ID, BUCKET, REGION, SECRET_ACCESS_KEY, s3Server } from "../../src/testing/s3-server.ts";
import { type Line, LOOPBACK, type Target, textIn } from "./target.ts";

const zstd = promisify(zstdCompress);
const asLines = (lines: readonly Line[]) => lines.map(({ body }) => `${body}\n`).join("");

const files: Target = {
  kind: "files",
  server: "the disk of this machine",
  async serve() {
    const folder = mkdtempSync(join(tmpdir(), "cistern-bench-files-"));
    return { settings: { folder }, close: () => rmSync(folder, { recursive: true, force: true }) };
  },
  async client(facts) {
    const folder = join(textIn(facts, "folder"), "bare");
    mkdirSync(folder);
    let number = 0;
    return {
      async send(lines) {
        const file = await open(join(folder, `${number++}.ndjson`), "wx");
        await file.writeFile(asLines(lines));
        await file.sync();
        await file.close();
      },
    };
  },
};

const s3: Target = {
  kind: "s3",
  server: "s3rver behind a check of signatures",
  async serve() {
    const server = await s3Server();
    const settings = {
      endpoint: server.url,
      region: REGION,
      bucket: BUCKET,
      path_style: true,
      access_key_id: ACCESS_KEY_ID,
      secret_access_key: SECRET_ACCESS_KEY,
      ...LOOPBACK,
    };
    return { settings, close: server.close };
  },
  async client(facts) {
    const aws = new AwsClient({
      accessKeyId: textIn(facts, "access_key_id"),
      secretAccessKey: textIn(facts, "secret_access_key"),
      region: textIn(facts, "region"),
      service: "s3",
      retries: 0,
    });
    let number = 0;
    return {
      async send(lines) {
        const url = `${textIn(facts, "endpoint")}/${textIn(facts, "bucket")}/bare/${number++}.ndjson.zst`;
        const body = new Uint8Array(await zstd(asLines(lines)));
        const headers = {
          "x-amz-content-sha256": hash("sha256", body),
          "x-amz-checksum-sha256": hash("sha256", body, "base64"),
        };
        const answer = await aws.fetch(url, { method: "PUT", headers, body });
        if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
      },
    };
  },
};

const postgresql: Target = {
  kind: "postgresql",
  server: "the PostgreSQL server of this machine",
  missing: withoutPostgresql,
  async serve() {
    const schema = await testSchema();
    await schema.rows(createTable({ schema: schema.name, table: "events" }, "text"));
    await schema.rows(`CREATE TABLE ${schema.name}.bare (key text COLLATE "C" PRIMARY KEY, body text NOT NULL)`);
    const { password, ...address } = postgresqlAddress;
    const settings = {
      ...address,
      ...(password !== "" && { password }),
      table: `${schema.name}.events`,
      tls: false,
      ...LOOPBACK,
    };
    return { settings, close: schema.close };
  },
  async client(facts) {
    const client = new pg.Client({ ...postgresqlAddress });
    await client.connect();
    const table = textIn(facts, "table").replace(".events", ".bare");
    const sql = `INSERT INTO ${table} SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`;
    return {
      send: (lines) => client.query(sql, [lines.map(({ key }) => key), lines.map(({ body }) => body)]),
      close: () => client.end(),
    };
  },
};

const clickhouse: Target = {
  kind: "clickhouse",
  server: "ClickHouse's engine, as chdb has it",
  async serve() {
    const server = await clickhouseServer();
    await server.rows("CREATE DATABASE IF NOT EXISTS bench");
    await server.rows(createClickhouseTable({ database: "bench", table: "events" }));
    await server.rows(
      "CREATE TABLE bench.bare (key String, body String CODEC(ZSTD(3))) ENGINE = MergeTree ORDER BY key SETTINGS fsync_after_insert = 1",
    );
    const settings = {
      url: server.url,
      database: "bench",
      table: "events",
      user: clickhouseUser,
      password: clickhousePassword,
      ...LOOPBACK,
    };
    return { settings, close: server.close };
  },
  async client(facts) {
    const authorization = `Basic ${Buffer.from(`${textIn(facts, "user")}:${textIn(facts, "password")}`).toString("base64")}`;
    const url = `${textIn(facts, "url")}/?query=${encodeURIComponent("INSERT INTO bench.bare FORMAT JSONEachRow")}`;
    return {
      async send(lines) {
        const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
        const answer = await fetch(url, { method: "POST", headers: { authorization }, body });
        const text = await answer.text();
        if (!answer.ok) throw new Error(text);
      },
    };
  },
};

export const storeTargets: readonly Target[] = [files, s3, postgresql, clickhouse];
