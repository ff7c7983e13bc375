// From the sources as we write them to JavaScript that needs no build: the pure parts of `npm run build`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { basename, dirname, join, sep } from "node:path";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
}

/** Whether a file below src/ serves only tests and stays out of a build. */
export function isForTests(path: string): boolean {
  const folders = path.split(sep);
  return /\.(?:test|d)\.ts$/.test(basename(path)) || folders[1] === "testing" || folders.includes("fixtures");
}

/** JavaScript of a TypeScript source. Lines and columns stay where they are, so stack traces need no source map. */
export function strip(source: string): string {
  return stripTypeScriptTypes(source, { mode: "strip" });
}

/**
 * Module paths of ours, `"./x.ts"` to `"./x.js"`, wherever they stand: imports, `import()`, `new URL()` of a worker.
 * Throws for a string that names a source file in another way, because it would be missing in the build.
 */
export function rewriteImports(code: string, path: string): string {
  const rewritten = code.replaceAll(/(["'`])(\.{1,2}\/[^"'`\n]*)\.ts\1/g, "$1$2.js$1");
  const left = rewritten.match(/(["'`])[\w./-]+\.ts\1/)?.[0];
  if (left === undefined) return rewritten;
  throw new Error(`${path} names ${left}; write it as a path that begins with ./ or ../`);
}

/** Relative imports below the folder that lead nowhere, as sentences. */
export function unresolvedImports(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  return files.flatMap((file) => {
    const found = [...readFileSync(join(folder, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)];
    const targets = found.map(([, target]) => target!);
    const missing = targets.filter((target) => !existsSync(join(folder, dirname(file), target)));
    return missing.map((target) => `${file} imports ${target}, which is not in the build`);
  });
}

/** Folders of all packages that are needed at run time; the Node packages are not, the archive has its own copy. */
export function productionPackages(lock: Lock): string[] {
  const runtime = /^node_modules\/node-(?:bin-)?(?:linux|darwin|win)-/;
  const paths = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev && !runtime.test(path));
  return paths.map(([path]) => path);
}
