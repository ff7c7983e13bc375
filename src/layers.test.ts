// The dependency rule: a folder imports itself and what is listed below, nothing else; nothing but tests imports
// `testing`. And what Biome cannot express: no clock and no randomness but through a parameter.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";

const root = import.meta.dirname;
const web = join(root, "../web");

const allowed: Record<string, readonly string[]> = {
  model: [],
  http: ["model"],
  connectors: ["model", "http"],
  destinations: ["model", "http"],
  normalize: ["model", "http"],
  store: ["model"],
  search: ["model"],
  config: ["model"],
  runtime: ["model"],
  security: ["model"],
  control: ["model", "security"],
  report: ["model", "security"],
  engine: ["model", "http"],
  alerts: ["model", "http"],
  api: ["model"],
  sandbox: ["model", "runtime"],
  testing: ["model", "http", "runtime", "normalize", "../scripts"],
};
const knowsEveryone = ["cli", "threads"];
const plugIns = ["connectors", "destinations", "normalize"];
const touchesTheWorld = ["runtime", "config", "cli", "testing"];
const simulated = ["model", "http", "connectors", "engine"];

const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;
const STATEMENT = /\b(?:(?:import|export)\b[^;"]*?\bfrom\s*|import\s*\(?\s*)"(\.[^"]+)"/g;
const CLOCK = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bprocess\.hrtime\b/;
const GLOBAL = /\bglobalThis\.(?:fetch|setTimeout|setInterval|setImmediate)\(/;
const RANDOM = /import[^;]*\brandom\w+[^;]*from "node:crypto"|\bcrypto\.(?:random|getRandom)/;

/** Source files below a folder, tests left out, as paths relative to it; none where there is no such folder. */
function sources(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name)).sort();
}

/** The modules of ours that a file imports, as paths relative to `from`. */
function imports(path: string, from: string): string[] {
  const found = [...readFileSync(path, "utf8").matchAll(IMPORT)];
  return found.map(([, target]) => relative(from, join(dirname(path), target!)));
}

const first = (path: string) => path.split(sep)[0]!;
const layerOf = (path: string) => (first(path) === ".." ? path.split(sep).slice(0, 2).join("/") : first(path));

/** Code without comments: prose may speak of the clock. Lines stay where they are. */
const code = (path: string) => readFileSync(path, "utf8").replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");

test("every folder has its line in the table", () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known = [...Object.keys(allowed), ...knowsEveryone];
  expect(folders.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
});

for (const [folder, others] of Object.entries(allowed)) {
  test(`${folder} imports only ${others.join(", ") || "itself"}`, () => {
    for (const file of sources(join(root, folder)))
      for (const target of imports(join(root, folder, file), root))
        expect([folder, ...others], `${folder}/${file} imports ${target}`).toContain(layerOf(target));
  });
}

test("cli and main.ts know everyone but the test helpers", () => {
  const files = sources(root).filter((file) => knowsEveryone.includes(first(file)) || !file.includes(sep));
  for (const file of files)
    for (const target of imports(join(root, file), root))
      expect(layerOf(target), `${file} imports ${target}`).not.toMatch(
        /^(?:testing|\.\.\/(?:scripts|test|bench|web))$/,
      );
});

// A plug-in is what the registry, index.ts, imports: a file or a folder. Anything beside them is shared.
for (const folder of plugIns) {
  test(`no plug-in in ${folder} imports another`, () => {
    const home = join(root, folder);
    const registry = join(home, "index.ts");
    const named = existsSync(registry) ? imports(registry, home).map(first) : [];
    const names = named.filter((name) => name !== "..");
    for (const file of sources(home).filter((path) => names.includes(first(path))))
      for (const target of imports(join(home, file), home).map(first))
        if (target !== first(file)) expect(names, `${folder}/${file} imports ${target}`).not.toContain(target);
  });
}

test("the console imports from the server only types, and only those of the API", () => {
  for (const file of sources(web)) {
    const text = readFileSync(join(web, file), "utf8");
    for (const [statement, target] of text.matchAll(STATEMENT)) {
      const path = relative(web, join(dirname(join(web, file)), target!));
      if (first(path) !== "..") continue;
      expect(path, `web/${file} imports ${path}`).toMatch(/^\.\.\/src\/api\//);
      expect(statement, `web/${file} imports more than types`).toMatch(/^(?:import|export) type\b/);
    }
  }
});

test("clock and network come in as parameters", () => {
  for (const file of sources(root).filter((path) => path.includes(sep) && !touchesTheWorld.includes(first(path)))) {
    expect(code(join(root, file)).match(CLOCK)?.[0], `${file} reads the clock`).toBeUndefined();
    expect(code(join(root, file)).match(GLOBAL)?.[0], `${file} reaches for a global`).toBeUndefined();
  }
});

test("what the simulation drives makes no randomness of its own", () => {
  for (const folder of simulated)
    for (const file of sources(join(root, folder)))
      expect(code(join(root, folder, file)).match(RANDOM)?.[0], `${folder}/${file}`).toBeUndefined();
});
