// What ships beside the code and is only read: the pages of docs/ and the built console.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import type { ConsoleFiles, DocsReader } from "./api/deps.ts";

const root = join(import.meta.dirname, "..");

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
};

const pictureTypes = [".png", ".jpg", ".webp"] as const;

/** The Markdown pages below docs/, by path without ending, and its pictures. Only files that were there at the start are read, and when asked for. */
export function docsReader(folder = join(root, "docs")): DocsReader {
  const titles = new Map(filesBelow(folder, ".md").map((file) => [file.slice(0, -3), titleOf(join(folder, file))]));
  const pictures = new Set(pictureTypes.flatMap((ending) => filesBelow(folder, ending)));
  return {
    list: () => [...titles].map(([path, title]) => ({ path, title })),
    read(path) {
      const title = titles.get(path);
      return title === undefined ? undefined : { title, markdown: readFileSync(join(folder, `${path}.md`), "utf8") };
    },
    picture(path) {
      return pictures.has(path) ? { bytes: readFileSync(join(folder, path)), type: types[extname(path)]! } : undefined;
    },
  };
}

/** The built console, held in memory; undefined where it was not built. Its files never change while the process runs. */
export function consoleFiles(folder = join(root, "dist/console")): ConsoleFiles | undefined {
  if (!existsSync(join(folder, "index.html"))) return undefined;
  const files = new Map(filesBelow(folder, "").map((file) => [`/${file}`, readFileSync(join(folder, file))]));
  return {
    indexHtml: readFileSync(join(folder, "index.html"), "utf8"),
    file(path) {
      const bytes = files.get(path);
      const type = types[extname(path)] ?? "application/octet-stream";
      return bytes && { bytes, type, immutable: path.startsWith("/assets/") };
    },
  };
}

function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    )
    .sort();
}

function titleOf(path: string): string {
  return /^# (.+)$/m.exec(readFileSync(path, "utf8"))?.[1] ?? path;
}
