// `npm run build`: one archive with everything that Cistern needs to run: Node, the production packages, the server
// with its types stripped, the console, the documentation. Nothing is fetched; node_modules has to be complete.
//
// Inside, src/, dist/console/, docs/ and package.json stand to each other as in a clone, so that code which finds
// files from its own folder works in both.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isForTests, productionPackages, rewriteImports, strip, unresolvedImports } from "./strip.ts";

const root = dirname(import.meta.dirname);
const platform = `${process.platform}-${process.arch}`;
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const name = `cistern-${manifest.version}-${platform}`;
const say = (sentence: string) => process.stderr.write(`${sentence}\n`);

/** Builds the archive in `folder` and answers its path. The unpacked copy stays beside it as `app`. */
export function build(folder: string): string {
  const app = join(folder, "app");
  rmSync(app, { recursive: true, force: true });
  mkdirSync(join(app, "bin"), { recursive: true });
  copyServer(app);
  copyPackages(app);
  copyRuntime(app);
  copyTexts(app);
  return pack(app, join(folder, `${name}.tar.gz`));
}

function copyServer(app: string): void {
  const files = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  for (const path of paths.filter((file) => !isForTests(file))) {
    const target = join(app, path.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    if (!path.endsWith(".ts")) copyFileSync(join(root, path), target);
    else writeFileSync(target, rewriteImports(strip(readFileSync(join(root, path), "utf8")), path));
  }
  const missing = unresolvedImports(join(app, "src"));
  if (missing.length > 0) throw new Error(`The build would not start: ${missing.join("; ")}`);
}

function copyPackages(app: string): void {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  for (const path of productionPackages(lock)) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(app, path), { recursive: true });
    else if (!lock.packages[path].optional) throw new Error(`${path} is missing: run npm ci first`);
  }
}

function copyRuntime(app: string): void {
  copyFileSync(process.execPath, join(app, "bin/node"));
  chmodSync(join(app, "bin/node"), 0o755);
  const licence = join(dirname(dirname(process.execPath)), "LICENSE");
  if (existsSync(licence)) copyFileSync(licence, join(app, "bin/node.LICENSE"));
  copyFileSync(join(root, "scripts/archive-launcher.sh"), join(app, "bin/cistern"));
  chmodSync(join(app, "bin/cistern"), 0o755);
}

function copyTexts(app: string): void {
  const { name, version, description, license, type, dependencies } = manifest;
  const packed = { name, version, private: true, description, license, type, dependencies };
  writeFileSync(join(app, "package.json"), `${JSON.stringify(packed, undefined, 2)}\n`);
  for (const path of ["LICENSE", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs", "examples", "dist/console"]) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(app, path), { recursive: true });
    else say(`Left out, because it is not there: ${path}`);
  }
}

// Sorted and owned by nobody in particular, so that the same tree gives the same listing.
function pack(app: string, archive: string): string {
  const folder = dirname(app);
  const gnu = spawnSync("tar", ["--version"], { encoding: "utf8" }).stdout.includes("GNU");
  const order = gnu ? ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", `--transform=s,^app,${name},`] : [];
  const rename = gnu ? [] : ["-s", `,^app,${name},`];
  const { status } = spawnSync("tar", [...order, ...rename, "-czf", archive, "-C", folder, "app"], {
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error(`tar ended with code ${status}`);
  return archive;
}

if (import.meta.main) {
  say("Building the archive …");
  try {
    process.stdout.write(`${build(join(root, "dist"))}\n`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
