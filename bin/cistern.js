#!/usr/bin/env node
// The command `cistern` of the package: plain JavaScript over the stripped build of `npm run build`, because Node
// strips no types below node_modules. In a clone use ./cistern instead, which needs no build.
import { existsSync } from "node:fs";
import { runMain } from "node:module";
import { fileURLToPath } from "node:url";

const MAJOR = 26;
const builds = ["../src/cli/main.js", "../dist/app/src/cli/main.js"];
const main = builds.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));

if (Number.parseInt(process.versions.node, 10) !== MAJOR) {
  process.stderr.write(
    `cistern needs Node ${MAJOR}; this is ${process.version}. The archive brings its own: bin/cistern\n`,
  );
  process.exitCode = 1;
} else if (main === undefined) {
  process.stderr.write("There is no build yet: run npm run build, or use ./cistern, which needs none\n");
  process.exitCode = 1;
} else {
  process.argv[1] = main;
  runMain();
}
