import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenedStore, testStore } from "../../testing/store-contract.ts";
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

testStore({ name: "sqlite", open: () => openIn(mkdtempSync(join(tmpdir(), "cistern-store-"))) });
