// A disk of 64 MB that is filled and freed while the server collects: it pauses, its console answers, it goes on by itself, and
// nothing is lost. Every second time nothing at all is left; then the server is killed as well, and must start on the full disk.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { type Ask, eventually, type ServedProduct, serveProduct, signIn } from "../test/served-product.ts";
import { faultsOfStore } from "./check-store.ts";
import { compare } from "./conservation.ts";
import { DATABASE } from "./database-files.ts";
import { tempFolder } from "./files.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";
import { startProduct, writeConfiguration } from "./product.ts";

const MB = 1024 ** 2;
const DISK_MB = 64;
/** Less than the server keeps free, enough for what people do. */
const LEFT_BYTES = 2 * MB;
const ADVANCE_MS = 2 * 3_600_000;
const PATIENCE_MS = 60_000;

const upstream = { port: 0, days: 1, people: 40, eventsPerDay: 9_000, live: false, ratePerMinute: 0 } as const;

interface Scene {
  readonly disk: string;
  readonly dataDir: string;
  readonly config: string;
  readonly sandbox: Sandbox;
  readonly faults: Faults;
  readonly cleanUp: CleanUp;
}

/** `count` times full and free again. Without the right to mount a disk it says so and proves nothing. */
export async function disk({ seed, count, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const folder = tempFolder(cleanUp);
    const mounted = tempFolder(cleanUp);
    if (!mount(mounted, cleanUp)) return { figures: { skipped: "this user may not mount a disk" }, faults: [] };
    const sandbox = await startSandbox({ ...upstream, seed });
    cleanUp.add(() => sandbox.close());
    const config = writeConfiguration(folder, sandbox, [{ name: "full", dataSources: ["conversations"] }]);
    const scene: Scene = { disk: mounted, dataDir: join(mounted, "data"), config, sandbox, faults, cleanUp };
    const started = performance.now();
    let running = await serve(scene);
    const pauses: object[] = [];
    for (let cycle = 1; cycle <= count; cycle++) {
      await everythingCollected(scene);
      const { pause, now } = cycle % 2 === 1 ? await almostFull(scene, running) : await quiteFull(scene, running);
      pauses.push(pause);
      running = now;
      note(`${cycle} times, ${faults.count} faults`);
    }
    await everythingCollected(scene);
    const compared = await checkAll(scene, running);
    const seconds = Math.round((performance.now() - started) / 1_000);
    return { figures: { diskMb: DISK_MB, cycles: count, pauses, compared, seconds }, faults: faults.list() };
  } finally {
    await cleanUp.run();
  }
}

function mount(folder: string, cleanUp: CleanUp): boolean {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m`, "tmpfs", folder]);
  if (status === 0) cleanUp.add(() => spawnSync("umount", ["-l", folder]));
  return status === 0;
}

interface Running {
  readonly server: ServedProduct;
  readonly ask: Ask;
}

async function serve({ dataDir, config, cleanUp }: Scene): Promise<Running> {
  const server = await serveProduct(dataDir, { args: ["--config", config] });
  cleanUp.add(() => server.child.kill("SIGKILL"));
  return { server, ask: await signIn(server) };
}

/** What a pause was, and the server that runs after it. */
interface Paused {
  readonly pause: object;
  readonly now: Running;
}

/** Less is free than the server wants: it pauses with room to spare, and people notice nothing else. */
async function almostFull(scene: Scene, running: Running): Promise<Paused> {
  const { disk, dataDir, sandbox, faults, cleanUp } = scene;
  const { ask, server } = running;
  const ballast = fill(disk, LEFT_BYTES);
  await eventually("it pauses before the disk is full", () => isPaused(ask), PATIENCE_MS);
  const freeBytes = free(disk);
  faults.expect(freeBytes > 0, "the disk was full before the server paused");
  sandbox.advance(ADVANCE_MS);
  const before = await filesDone(dataDir);
  for (const path of ["/api/v1/events?limit=5", "/healthz", "/api/v1/collectors", "/api/v1/system"])
    faults.expect((await ask("GET", path)).status === 200, `${path} is not answered while paused`);
  const site = await ask("POST", "/api/v1/sites", { name: `while paused ${String(before)} ${freeBytes}` });
  faults.expect(site.status === 201, `nothing can be changed while paused: ${site.status}`);
  const doctor = startProduct(["doctor", "--data-dir", dataDir], {}, cleanUp);
  faults.expect((await doctor.ended) === 0, `cistern doctor while paused: ${doctor.said()}`);
  faults.expect((await filesDone(dataDir)) === before, "it collected while paused");
  server.child.kill("SIGKILL");
  await server.stop();
  const now = await serve(scene);
  await eventually("it starts, paused, on the disk that is almost full", () => isPaused(now.ask), PATIENCE_MS);
  rmSync(ballast);
  return { pause: { kind: "almost full", freeBytes }, now };
}

/** Not a byte is free while it collects; then it is killed, and started again on the full disk. */
async function quiteFull(scene: Scene, { ask, server }: Running): Promise<Paused> {
  const { disk, dataDir, sandbox, faults, config } = scene;
  const [collector] = (await ask("GET", "/api/v1/collectors")).body.collectors as { id: string }[];
  sandbox.advance(ADVANCE_MS);
  await ask("POST", `/api/v1/collectors/${collector?.id}/scan`);
  const ballast = fill(disk, 0);
  await eventually("it pauses on the full disk", () => isPaused(ask), PATIENCE_MS);
  const health = await ask("GET", "/healthz");
  faults.expect(health.status === 200, `/healthz is not answered on a full disk: ${health.status}`);
  server.child.kill("SIGKILL");
  await server.stop();
  const again = await serveProduct(dataDir, { args: ["--config", config] }).catch((error: Error) => error);
  const started = !(again instanceof Error);
  const said = started ? "" : again.message;
  // It may refuse to start without a byte to write to, in a sentence; it may not break.
  faults.expect(started || /disk is full/i.test(said), `a start on the full disk: ${said.slice(-1_500)}`);
  faults.expect(
    !/unexpected error|fault of Cistern/.test(said),
    `a start on the full disk broke: ${said.slice(-1_500)}`,
  );
  rmSync(ballast);
  if (started) {
    again.child.kill("SIGKILL");
    await again.stop();
  }
  return { pause: { kind: "quite full", startsOnFullDisk: started }, now: await serve(scene) };
}

const isPaused = async (ask: Ask) => {
  const { body } = await ask("GET", "/api/v1/system");
  return body?.disk?.paused === true || undefined;
};

const free = (folder: string) => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/** Writes until so many bytes are left; returns the file. */
function fill(folder: string, leftBytes: number): string {
  const path = join(folder, "ballast");
  const file = openSync(path, "w");
  try {
    for (let size = MB; size >= 4_096; size /= 2) {
      const block = Buffer.alloc(size);
      while (free(folder) - leftBytes >= size && write(file, block));
    }
  } finally {
    closeSync(file);
  }
  return path;
}

function write(file: number, block: Buffer): boolean {
  try {
    return writeSync(file, block) === block.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    return false;
  }
}

async function filesDone(dataDir: string): Promise<number> {
  const reader = openSqliteReader(dataDir);
  const [state] = await reader.dataSources();
  await reader.close();
  return state?.counts.filesDone ?? 0;
}

/** Resolves once everything that upstream has published is stored, without anybody's doing. */
async function everythingCollected({ dataDir, sandbox }: Scene): Promise<void> {
  const files = [...sandbox.published({ type: "CONVERSATION_MESSAGE" })].length;
  const look = async () => ((await filesDone(dataDir)) >= files ? true : undefined);
  await eventually(`all ${files} files are collected`, look, 3 * PATIENCE_MS);
}

async function checkAll({ dataDir, sandbox, faults }: Scene, { server }: Running) {
  await server.stop();
  const reader = openSqliteReader(dataDir);
  const collectorId = (await reader.dataSources())[0]!.key.collectorId;
  await reader.close();
  faults.add(...faultsOfStore(join(dataDir, DATABASE)));
  const what = { dataDir, collectorId, dataSource: "conversations", upstreamType: "CONVERSATION_MESSAGE" };
  return compare(sandbox, what, faults);
}
