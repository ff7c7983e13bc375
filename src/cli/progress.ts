import { type Cli, say } from "./cli.ts";

const REDRAW_MS = 100;
const BAR_WIDTH = 24;

/** How far a long piece of work is: a moving bar on a terminal, a line for every tenth elsewhere. On standard error. */
export interface Progress {
  /** `note` stands behind the bar, such as a number of files. With `total` 0 there is only the note. */
  update(done: number, total: number, note?: string): void;
  /** Takes the bar away. Call it before anything else is said. */
  end(): void;
}

/** `quietly`: nothing at all where there is no terminal. */
export function progressOn(cli: Cli, title: string, { quietly = false } = {}): Progress {
  if (cli.stderr.isTTY) return movingBar(cli, title);
  return quietly ? { update: () => undefined, end: () => undefined } : tenths(cli, title);
}

function movingBar(cli: Cli, title: string): Progress {
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(done, total, note = "") {
      const now = cli.now().getTime();
      if (now - drawnAt < REDRAW_MS && done < total) return;
      drawnAt = now;
      const line = [title, bar(done, total), note].filter((part) => part !== "").join("  ");
      cli.stderr.write(`\r\u001b[K${line.slice(0, (cli.stderr.columns ?? 80) - 1)}`);
    },
    end: () => void cli.stderr.write("\r\u001b[K"),
  };
}

function bar(done: number, total: number): string {
  if (total <= 0) return "";
  const share = Math.min(1, done / total);
  const filled = Math.round(share * BAR_WIDTH);
  return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}

function tenths(cli: Cli, title: string): Progress {
  let said = -1;
  return {
    update(done, total, note = "") {
      const tenth = total <= 0 ? 0 : Math.floor((10 * Math.min(done, total)) / total);
      if (tenth === said) return;
      said = tenth;
      say(cli, [title, total <= 0 ? "" : `${tenth * 10} %`, note].filter((part) => part !== "").join("  "));
    },
    end: () => undefined,
  };
}
