// A thread of a batch: is sent seeds, answers with verdicts.
import { parentPort } from "node:worker_threads";
import { drawn } from "./switches.ts";
import { live } from "./world.ts";

parentPort?.on("message", async (seed: number) => parentPort?.postMessage(await live(seed, drawn(seed))));
