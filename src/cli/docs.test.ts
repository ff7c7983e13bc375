import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import type { Cli } from "./cli.ts";
import { buildProgram } from "./program.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/cli.md"), "utf8");

const cli: Cli = {
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  variables: {},
  now: () => new Date(0),
  stopSignal: () => new AbortController().signal,
  exitCode: 0,
};

/** Commands that do something, with the names of those above them: `events export`. */
function leaves(command: Command, above = ""): readonly (readonly [string, Command])[] {
  return command.commands.flatMap((inner) => {
    const name = `${above}${inner.name()}`;
    return inner.commands.length > 0 ? leaves(inner, `${name} `) : [[name, inner] as const];
  });
}

const program = buildProgram(cli);

function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

test("docs/cli.md has a section for exactly the commands that there are", () => {
  const sections = [...page.matchAll(/^## `(.+)`$/gm)].map(([, name]) => name);

  expect([...sections].sort()).toEqual(
    leaves(program)
      .map(([name]) => name)
      .sort(),
  );
});

describe("in docs/cli.md and in help", () => {
  test.each(leaves(program))("%s has an example that the command understands", (name, command) => {
    const section = page.split(/^## /m).find((part) => part.startsWith(`\`${name}\``)) ?? "";
    const [, example = ""] = /```sh\n(.+?)\n```/s.exec(section) ?? [];
    const lines = example.split("\n");

    const flags = lines.flatMap((line) => line.split(/[|>]/)[0]!.match(/(?<= )--[a-z-]+/g) ?? []);

    for (const line of lines) expect(line).toContain(`cistern ${name}`);
    expect(command.options.map(({ long }) => long)).toEqual(expect.arrayContaining(flags));
  });

  test.each(leaves(program))("%s takes --json", (_, command) => {
    expect(command.options.map(({ long }) => long)).toContain("--json");
  });

  test.each(leaves(program))("%s shows examples in its help", (name, command) => {
    expect(helpOf(command)).toMatch(new RegExp(`Examples:\\n  cistern ${name}`));
  });

  test.each(leaves(program))("%s says what each argument and each option is", (_, command) => {
    expect(command.summary()).not.toBe("");
    for (const argument of command.registeredArguments) expect(argument.description, argument.name()).not.toBe("");
    for (const option of command.options) expect(option.description, option.flags).not.toBe("");
  });

  test.each(leaves(program))(
    "%s says what each amount is counted in, and what it is without the option",
    (_, command) => {
      const help = helpOf(command).replaceAll(/\n {4,}(?!-)/g, " ");
      for (const { flags } of command.options.filter(({ flags }) => /<(?:number|ms|port|host:port)>/.test(flags))) {
        const line = help.split("\n").find((one) => one.includes(flags));
        expect(line, flags).toMatch(/default|needs --/);
      }
    },
  );
});
