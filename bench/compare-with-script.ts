import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CorpusShape, writeCorpus } from "./corpus.ts";
import { measureProduct } from "./measure-product.ts";
import { measureScript } from "./measure-script.ts";
import { note } from "./result.ts";
import { startProcess } from "./start-process.ts";

/** Script, product without the index and product with it, one after the other from one upstream; all below `folder`. */
export async function compareWithScript(folder: string, shape: CorpusShape) {
  const { workspaceId } = shape;
  const events = shape.files * shape.linesPerFile;
  note(`making ${shape.files} files of ${shape.linesPerFile} lines of ${shape.lineBytes} bytes`);
  writeFileSync(join(folder, "corpus.json"), JSON.stringify(writeCorpus(join(folder, "corpus"), shape)));
  const upstream = await startProcess("bench/upstream.ts", [join(folder, "corpus.json")]);
  const baseUrl = upstream.firstLine;
  note("script");
  const script = await measureScript({ baseUrl, workspaceId, out: join(folder, "script.tsv"), events });
  note(`  ${script.eventsPerSecond} events/s`);
  const product = async (index: "on" | "off") => {
    note(`product, search index ${index}`);
    const dataDir = join(folder, `product-${index}`);
    const { eventsPerSecond } = await measureProduct({ dataDir, baseUrl, workspaceId, index, events });
    note(`  ${eventsPerSecond} events/s`);
    return { eventsPerSecond, timesTheScript: times(eventsPerSecond, script.eventsPerSecond) };
  };
  const indexPaused = await product("off");
  const indexRunning = await product("on");
  upstream.stop();
  return { corpus: { ...shape, events }, script, product: { indexPaused, indexRunning } };
}

const times = (product: number, script: number) => Number((product / script).toFixed(1));
