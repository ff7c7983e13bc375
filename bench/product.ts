// The product whole, server included, in a process of its own: node bench/product.ts DATA_DIR BASE_URL WORKSPACE INDEX(on|off)
// [JSON], the last with what its collector has other than below, and its token.
import { startCistern } from "../src/main.ts";

const [dataDir = "", baseUrl = "", workspaceId = "", index = "on", changes = "{}"] = process.argv.slice(2);
const { token = "sk-bench-0000000000000000", ...other } = JSON.parse(changes);
const cistern = await startCistern({
  dataDir,
  logging: { level: "warn", pretty: false },
  server: { listen: { host: "127.0.0.1", port: 0 }, trustedProxies: [] },
  searchIndex: index === "on",
});
await cistern.access.createAccount({ name: "bench", password: "bench-of-the-cistern", roles: ["admin", "analyst"] });
cistern.control.createCollector(
  {
    name: "bench",
    connector: "chatgpt-enterprise",
    settings: { workspace_id: workspaceId, base_url: baseUrl },
    dataSources: ["conversations"],
    pausedDataSources: [],
    siteId: undefined,
    timezone: undefined,
    start: undefined,
    pollIntervalMs: 60_000,
    overlapMs: 86_400_000,
    requestsPerMinute: 60_000,
    retentionDays: undefined,
    paused: false,
    managedBy: "console",
    ...other,
  },
  { token },
);
process.stdout.write(`${JSON.stringify({ address: cistern.address, pid: process.pid })}\n`);
// Collecting begins at a word of the measuring process.
process.stdin.once("data", () => void cistern.refresh());
process.on("SIGTERM", () => void cistern.stop().then(() => process.exit(0)));
