// Writes web/api.generated.ts from the OpenAPI document. With --check it writes nothing and fails where the file is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import openapiTypes, { astToString } from "openapi-typescript";
import { createApi, openApiDocument } from "../src/api/app.ts";

const target = join(import.meta.dirname, "../web/api.generated.ts");
const header = "// Made by scripts/openapi-types.mjs from the API's OpenAPI document. Do not change it by hand.\n\n";

/** The document needs no room behind the API: nothing here is ever asked for anything. */
const inert = new Proxy(
  { connectors: [], version: "0", console: undefined },
  { get: (known, name) => (name in known ? Reflect.get(known, name) : inertRoom) },
);
const inertRoom = new Proxy(() => undefined, { get: () => inertRoom });

/** The text of web/api.generated.ts as it should be. */
export async function generatedTypes() {
  const deps = /** @type {import("../src/api/deps.ts").ApiDeps} */ (/** @type {unknown} */ (inert));
  const document = JSON.parse(JSON.stringify(openApiDocument(createApi(deps), "0")));
  return header + astToString(await openapiTypes(document));
}

if (import.meta.main) {
  const wanted = await generatedTypes();
  if (!process.argv.includes("--check")) writeFileSync(target, wanted);
  else if (readFileSync(target, "utf8") !== wanted) {
    process.stderr.write("web/api.generated.ts is stale: run node scripts/openapi-types.mjs\n");
    process.exitCode = 1;
  }
}
