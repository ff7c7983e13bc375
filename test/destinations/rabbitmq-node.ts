// The RabbitMQ node of this machine, for tests: guest on loopback. Each test makes an exchange and a queue of its own.
import { randomBytes } from "node:crypto";
import { Connection, type SyncMessage } from "rabbitmq-client";

/** Where it is, unless the environment names another one as a URL. */
const WHERE = new URL(process.env.CISTERN_TEST_RABBITMQ ?? "amqp://guest:guest@127.0.0.1:5672");

export const rabbitmqAddress = { host: WHERE.hostname, port: Number(WHERE.port || 5672) };
export const rabbitmqUser = { username: WHERE.username, password: WHERE.password };

/** Why there is no node to test with; undefined where there is one. */
export async function withoutRabbitmq(): Promise<string | undefined> {
  const connection = new Connection(WHERE.href);
  const failure = Promise.withResolvers<string>();
  connection.on("error", (error: Error) => failure.resolve(`no RabbitMQ at ${WHERE.host}: ${error.message}`));
  try {
    return await Promise.race([connection.onConnect(5_000, true).then(() => undefined), failure.promise]);
  } finally {
    connection.unsafeDestroy();
  }
}

export interface TestQueue {
  readonly exchange: string;
  readonly queue: string;
  readonly connection: Connection;
  /** Everything that the queue holds, in its order; it stays there. */
  messages(): Promise<readonly SyncMessage[]>;
  /** Removes exchange and queue, whoever created them. */
  close(): Promise<void>;
}

/** `bound`: whether the queue gets everything that the exchange is given. */
export async function testQueue(kind: "bound" | "unbound" | "none", more: object = {}): Promise<TestQueue> {
  const name = `cistern-test-${randomBytes(6).toString("hex")}`;
  const connection = new Connection(WHERE.href);
  connection.on("error", () => undefined);
  if (kind !== "none") {
    await connection.exchangeDeclare({ exchange: name, type: "topic", durable: true });
    await connection.queueDeclare({ queue: name, durable: true, arguments: more });
  }
  if (kind === "bound") await connection.queueBind({ queue: name, exchange: name, routingKey: "#" });
  return {
    exchange: name,
    queue: name,
    connection,
    async messages() {
      const channel = await connection.acquire();
      const found: SyncMessage[] = [];
      for (let next = await channel.basicGet(name); next !== undefined; next = await channel.basicGet(name))
        found.push(next);
      if (found.length > 0) channel.basicNack({ deliveryTag: 0, multiple: true, requeue: true });
      await channel.close();
      return found;
    },
    async close() {
      await connection.queueDelete(name);
      await connection.exchangeDelete({ exchange: name });
      await connection.close();
    },
  };
}
