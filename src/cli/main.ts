// The command `cistern`: hands the process to a command and takes care of how it ends.
import { processVariables } from "../config/environment.ts";
import { systemNow } from "../runtime/clock.ts";
import type { Cli } from "./cli.ts";
import { runProgram } from "./program.ts";

const cli: Cli = {
  stdout: process.stdout,
  stderr: process.stderr,
  variables: processVariables(),
  now: systemNow,
  stopSignal: onceStopped(),
  exitCode: 0,
};

// Whoever reads our output may stop early, as `head` does: that is their right, and no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(cli.exitCode);
  throw error;
});
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

// Whatever is stored holds conversations: it is for its owner alone, in a folder that somebody else made as well.
process.umask(0o077);

await runProgram(cli, process.argv.slice(2));
process.exitCode = cli.exitCode;

/** The first signal asks, the second one forces. Listens only from the first call on. */
function onceStopped(): () => AbortSignal {
  let stop: AbortController | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop?.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    stop?.abort();
  };
  return () => {
    if (!stop) {
      stop = new AbortController();
      process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
    }
    return stop.signal;
  };
}
