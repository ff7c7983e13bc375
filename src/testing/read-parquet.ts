import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";

/** The rows of a Parquet file as a reader of its own reads them; instants as µs. */
export function parquetRows(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({
    file: Uint8Array.from(bytes).buffer,
    compressors: { GZIP: (page) => gunzipSync(page), ZSTD: (page) => zstdDecompressSync(page) },
    parsers: { timestampFromMicroseconds: (us) => us },
  });
}
