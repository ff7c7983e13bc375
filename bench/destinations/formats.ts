// How quickly stored events become what is sent, in each format.
import { formats } from "../../src/normalize/index.ts";
import { viewOf } from "../../src/normalize/view.ts";
import { aStoredEvent } from "../../src/testing/an-outgoing-event.ts";
import { messagesFile } from "../messages.ts";

const MEASURED_MS = 1_500;
const NAMES = { collector: "bench", connector: "chatgpt-enterprise" };

/** Events a second, by format: read from their bytes, and rendered. */
export function measureFormats(lineBytes: number): Readonly<Record<string, number>> {
  const { bytes } = messagesFile(0, { linesPerFile: 1_000, lineBytes, fileMs: 60_000 });
  const lines = bytes.toString().trim().split("\n");
  const stored = lines.map((raw, index) => aStoredEvent({ seq: index + 1, raw }));
  const render = (format: (typeof formats)[number]) => {
    const startedAt = performance.now();
    let rendered = 0;
    while (performance.now() - startedAt < MEASURED_MS)
      for (const event of stored) rendered += format.render(viewOf(event, NAMES, undefined)!).length > 0 ? 1 : 0;
    return Math.round(rendered / ((performance.now() - startedAt) / 1_000));
  };
  // Twice: the first time compiles.
  return Object.fromEntries(formats.map((format) => [format.name, Math.max(render(format), render(format))]));
}
