// A Kafka cluster for tests: the mock cluster of librdkafka, which kcat starts, and kcat as a consumer that shares no code with ours.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram, startProgram, until } from "./local-program.ts";

const run = promisify(execFile);
const kcat = findProgram("kcat");

/** Why there is no cluster to test with; undefined where there is one. */
export const withoutKafka = kcat === undefined ? "no kcat on this machine (Debian's package kcat)" : undefined;

export interface KafkaRecord {
  readonly key: string;
  readonly body: string;
  readonly headers: string;
  readonly partition: number;
}

export interface KafkaCluster {
  readonly port: number;
  /** Everything that a topic holds; within a partition in its order. Whoever asks for a topic creates it. */
  records(topic: string): Promise<readonly KafkaRecord[]>;
  stop(): Promise<void>;
}

export async function kafkaCluster(): Promise<KafkaCluster> {
  if (kcat === undefined) throw new Error(withoutKafka);
  const mock = ["-P", "-b", "x", "-t", "nothing", "-X", "test.mock.num.brokers=1", "-d", "mock"];
  const program = startProgram(kcat, mock);
  const port = Number(await until(() => /bootstrap\.servers=127\.0\.0\.1:(\d+)/.exec(program.said())?.[1], program));
  const ask = async (...args: readonly string[]) => {
    const options = { encoding: "buffer", maxBuffer: 50_000_000, timeout: 20_000 } as const;
    return (await run(kcat, ["-b", `127.0.0.1:${port}`, ...args], options)).stdout;
  };
  return {
    port,
    records: async (topic) =>
      recordsIn(await ask("-C", "-e", "-t", topic, "-o", "beginning", "-f", "%p %K %S %k%s%h\n")),
    stop: () => program.stop(),
  };
}

/** Partition, bytes of the key, bytes of the body, both, and the headers up to the end of the line. */
function recordsIn(output: Buffer): readonly KafkaRecord[] {
  const found: KafkaRecord[] = [];
  for (let at = 0; at < output.length; ) {
    const [, partition = "", keyBytes = "", bodyBytes = ""] =
      /^(\d+) (\d+) (\d+) /.exec(output.toString("latin1", at, at + 40)) ?? [];
    const key = at + partition.length + keyBytes.length + bodyBytes.length + 3;
    const body = key + Number(keyBytes);
    const headers = body + Number(bodyBytes);
    const end = output.indexOf("\n", headers);
    found.push({
      key: output.toString("utf8", key, body),
      body: output.toString("utf8", body, headers),
      headers: output.toString("utf8", headers, end),
      partition: Number(partition),
    });
    at = end + 1;
  }
  return found;
}
