// Copies a database into a new file, in one snapshot, on a thread of its own: the copy can take minutes.
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";

const { from, to } = workerData as { readonly from: string; readonly to: string };
const db = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
db.prepare("VACUUM INTO ?").run(to);
db.close();
