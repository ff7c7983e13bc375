// Runs the server of one target in a process of its own: prints what a client has to know as one line of JSON, and ends with its
// standard input.
import { targets } from "./targets.ts";

const target = targets.find(({ kind }) => kind === process.argv[2]);
if (target === undefined) throw new Error(`There is no target ${process.argv[2]}`);
const { close, ...facts } = await target.serve();
process.stdout.write(`${JSON.stringify(facts)}\n`);
process.stdin.resume().on("end", async () => {
  await close();
  process.exit();
});
