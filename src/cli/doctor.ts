import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { z } from "zod";
import { CollectorError } from "../model/errors.ts";
import type { ChainHead } from "../store/sqlite/chain-check.ts";
import { type Cli, print, printJson } from "./cli.ts";
import { requireDataFolder } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "./define-command.ts";
import { provedElsewhere } from "./doctor/checks.ts";
import { type CheckResult, type Examined, examine } from "./doctor/examination.ts";
import type { Violation } from "./doctor/examine.ts";
import { mend } from "./doctor/mend.ts";
import { stepMark } from "./marks.ts";
import { plainText } from "./plain-text.ts";
import { spokenNumber } from "./table.ts";

const text = {
  summary: "check every promise about what is stored",
  description:
    "Reads in short pages; works while a server runs, and changes nothing. Ends with 1 where anything is not as it must be.\nWith --full it also reads every page and index entry of a large database in one go.\nWith --fix it tells what of the derived data is wrong, with --yes it puts that right; stored events are never touched.",
  examples: [
    ["cistern doctor", "check ./data"],
    ["cistern doctor --data-dir /var/lib/cistern --full --json", "everything, for a script"],
    ["cistern doctor --json > heads.json", "note where the log chain ends, to be kept elsewhere"],
    ["cistern doctor --expect heads.json", "is it still the log of then?"],
    ["cistern doctor --fix", "what --fix --yes would put right"],
  ],
} as const;

interface Options {
  readonly full?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
  readonly expect?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function doctorCommand(cli: Cli): Command {
  const command = defineCommand("doctor", text)
    .option("--full", "also what takes a long read; best while no server runs")
    .option("--expect <file>", "what an earlier doctor --json printed: the log chain must go on from there")
    .option("--fix", "tell which counts and indexes are wrong; no server may run")
    .option("--yes", "with --fix: put them right")
    .addOption(dataDirOption());
  return command.action(async (options: Options) => {
    if (options.yes && !options.fix) wrongUsage(command, "--yes goes with --fix");
    const dataDir = dataDirOf(cli, options);
    requireDataFolder(dataDir);
    if (options.fix) await mend(cli, dataDir, { yes: options.yes ?? false, json: options.json ?? false });
    else await examineAll(cli, dataDir, options);
  });
}

async function examineAll(cli: Cli, dataDir: string, options: Options): Promise<void> {
  const examined = await examine(cli, {
    dataDir,
    full: options.full ?? false,
    expectedHeads: options.expect === undefined ? [] : headsIn(options.expect),
    onResult: (result) => {
      if (!options.json) for (const line of lines(cli, result)) print(cli, line);
    },
  });
  const ok = examined.results.every(({ violations }) => violations.length === 0);
  if (!ok) cli.exitCode = 1;
  if (options.json) printJson(cli, asJson(examined, ok));
  else for (const line of closing(examined, ok)) print(cli, line);
}

const asJson = ({ results, chain, linksOnly }: Examined, ok: boolean) => ({
  ok,
  checks: results,
  files_by_links_only: linksOnly,
  chain: chain.map(({ collectorId, dataSource, links, head }) => ({
    collector_id: collectorId,
    data_source: dataSource,
    links,
    head,
  })),
  elsewhere: provedElsewhere,
});

const Heads = z.object({
  chain: z.array(
    z.object({
      collector_id: z.string(),
      data_source: z.string(),
      links: z.int().nonnegative(),
      head: z.string().regex(/^[0-9a-f]{64}$/i),
    }),
  ),
});

/** The heads that an earlier run printed. */
function headsIn(file: string): readonly ChainHead[] {
  try {
    const { chain } = Heads.parse(JSON.parse(readFileSync(file, "utf8")));
    return chain.map(({ collector_id, data_source, links, head }) => ({
      collectorId: collector_id,
      dataSource: data_source,
      links,
      head,
    }));
  } catch (cause) {
    throw new CollectorError("config_invalid", `${file} holds no heads of a log chain`, {
      cause,
      reason: "usage",
      action: "Give a file that cistern doctor --json has written",
    });
  }
}

function lines(cli: Cli, { invariant, title, examined, violations, warnings = [] }: CheckResult): readonly string[] {
  const ok = violations.length === 0;
  const state = !ok ? "failed" : warnings.length > 0 ? "warning" : examined === 0 ? "skipped" : "ok";
  const amount = examined > 1 ? `  (${spokenNumber(examined)})` : "";
  const number = invariant === undefined ? "" : `${invariant} `;
  return [
    `${stepMark(state, cli.stdout)}  ${number}${title}${amount}`,
    ...[...violations, ...warnings].flatMap(violationLines),
  ];
}

function violationLines({ what, count, examples, remedy }: Violation): readonly string[] {
  const more = count - examples.length;
  return [
    `    ${plainText(what)}${count > 1 ? `: ${spokenNumber(count)}` : ""}`,
    ...examples.map((example) => `      ${plainText(example)}`),
    ...(more > 0 ? [`      and ${spokenNumber(more)} more`] : []),
    `    → ${plainText(remedy)}`,
  ];
}

function closing({ chain, linksOnly }: Examined, ok: boolean): readonly string[] {
  return [
    "",
    "Not to be told from a store:",
    ...provedElsewhere.map(({ invariant, title, by }) => `  ${invariant} ${title}: ${by}`),
    ...(linksOnly === 0
      ? []
      : [
          `${spokenNumber(linksOnly)} files have lost events to retention or erasure: of them the chain proves the links alone.`,
        ]),
    ...(chain.length === 0 ? [] : ["", "Heads of the log chain, to be noted elsewhere:"]),
    ...chain.map(
      ({ collectorId, dataSource, links, head }) => `  ${head}  ${dataSource} of ${collectorId}, link ${links}`,
    ),
    "",
    ok ? "Everything is as it must be." : "Not everything is as it must be.",
  ];
}
