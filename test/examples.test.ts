// What the examples promise, as far as it can be read from the files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const examples = join(import.meta.dirname, "../examples");
const read = (path: string) => readFileSync(join(examples, path), "utf8");

/** The instructions of the last stage of the container file, continuation lines joined. */
function lastStage(): ReadonlyMap<string, string> {
  const lines = read("container/Containerfile")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n/g, "")
    .split("\n");
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
  return new Map(stage.filter((line) => line !== "").map((line) => [line.split(" ")[0]!, line.replace(/^\S+ /, "")]));
}

test("the container is one process of a user without rights, which gets SIGTERM itself", () => {
  const stage = lastStage();

  expect(stage.get("USER")).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(JSON.parse(stage.get("ENTRYPOINT")!)).toEqual(["/opt/cistern/bin/cistern"]);
  expect(JSON.parse(stage.get("CMD")!)[0]).toBe("serve");
  expect(stage.get("STOPSIGNAL")).toBe("SIGTERM");
});

test("the container writes to its volume alone, and its address needs TLS", () => {
  const command: string[] = JSON.parse(lastStage().get("CMD")!);
  const option = (name: string) => command[command.indexOf(name) + 1];

  expect(lastStage().get("VOLUME")).toBe(option("--data-dir"));
  expect(read("container/README.md")).toContain("--read-only");
  expect(option("--listen")).toMatch(/^0\.0\.0\.0:/);
  expect(command).toContain("--tls-cert");
});

test("the service runs shut in, ends on SIGTERM and writes to its state folder alone", () => {
  const lines = read("systemd/cistern.service").split("\n");

  for (const promise of [
    "ExecStart=/opt/cistern/bin/cistern serve --data-dir /var/lib/cistern",
    "DynamicUser=yes",
    "StateDirectory=cistern",
    "StateDirectoryMode=0700",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "ProtectSystem=strict",
    "KillSignal=SIGTERM",
  ])
    expect(lines).toContain(promise);
});

test("no example holds a secret", () => {
  const secrets = [...read("config.yaml").matchAll(/\btoken: *(.+?)(?: *}|$)/gm)].map(([, value]) => value!);

  expect(secrets.length).toBeGreaterThan(0);
  for (const value of secrets) expect(value).toMatch(/^"?\$\{(?:env|file):/);
});
