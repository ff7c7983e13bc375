import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type OpenedStore, testStore } from "../../testing/store-contract.ts";
import { chainHeads, checkChains } from "./chain-check.ts";
import { type DigestedFile, FileDigests } from "./file-digests.ts";
import { openSqliteReader } from "./reader.ts";
import { openSqliteStore } from "./store.ts";

async function openIn(dataDir: string): Promise<OpenedStore> {
  const store = await openSqliteStore(dataDir);
  const reader = openSqliteReader(dataDir);
  const close = async () => {
    await reader.close();
    await store.close();
  };
  return {
    store,
    reader,
    erase: (seqs, at) => store.erase(seqs, at),
    chainHeads: () => reading(dataDir, chainHeads),
    chainFaults: () => reading(dataDir, chainFaults),
    reopen: async () => {
      await close();
      return openIn(dataDir);
    },
    destroy: async () => {
      await close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

function reading<T>(dataDir: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

function chainFaults(db: DatabaseSync): readonly string[] {
  const broken = checkChains(db, { mostFaults: 10 }).faults.map(({ what }) => what);
  const digests = new FileDigests(db);
  const whole = db.prepare("SELECT * FROM files WHERE state = 'done' AND held = inserted").all();
  const strange = (whole as unknown as (DigestedFile & { file_id: string; digest: Uint8Array })[])
    .filter((file) => Buffer.compare(digests.of(file) ?? Buffer.of(), file.digest) !== 0)
    .map(({ file_id }) => `the events of ${file_id} are others`);
  return [...broken, ...strange];
}

testStore({ name: "sqlite", open: () => openIn(mkdtempSync(join(tmpdir(), "cistern-store-"))) });
