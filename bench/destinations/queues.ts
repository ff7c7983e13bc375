// Destinations that are queues, and syslog. The bare client is the same library that the destination uses, where it uses one.
import { once } from "node:events";
import { connect } from "node:tls";
import { jetstream } from "@nats-io/jetstream";
import { connect as connectNats } from "@nats-io/transport-node";
import kafkajs from "kafkajs";
import { Connection } from "rabbitmq-client";
import { provisionRsyslog } from "../../scripts/rsyslog.ts";
import { testAuthority } from "../../src/testing/certificates.ts";
import { kafkaCluster, withoutKafka } from "../../test/destinations/kafka-cluster.ts";
import { addStream, natsProgram, natsServer } from "../../test/destinations/nats-server.ts";
import { rabbitmqAddress, rabbitmqUser, testQueue, withoutRabbitmq } from "../../test/destinations/rabbitmq-node.ts";
import { rsyslogServer } from "../../test/destinations/rsyslog-server.ts";
import { LOOPBACK, type Target, textIn } from "./target.ts";

const TOPIC = "bench";

const kafka: Target = {
  kind: "kafka",
  server: "librdkafka's mock broker",
  missing: async () => withoutKafka,
  async serve() {
    const cluster = await kafkaCluster();
    // Whoever asks for a topic creates it there.
    await cluster.records(TOPIC);
    const settings = { brokers: `127.0.0.1:${cluster.port}`, topic: TOPIC, tls: false, ...LOOPBACK };
    return { settings, close: cluster.stop };
  },
  async client(facts) {
    const client = new kafkajs.Kafka({ brokers: [textIn(facts, "brokers")], logLevel: kafkajs.logLevel.NOTHING });
    const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const compression = kafkajs.CompressionTypes.GZIP;
    return {
      send: (lines) =>
        producer.send({
          topic: TOPIC,
          acks: -1,
          compression,
          messages: lines.map(({ key, body }) => ({ key, value: body })),
        }),
      close: () => producer.disconnect(),
    };
  },
};

const nats: Target = {
  kind: "nats",
  server: "nats-server with JetStream on disk",
  missing: async () => (natsProgram === undefined ? "no nats-server on this machine" : undefined),
  async serve() {
    const server = await natsServer();
    await addStream(server, { name: "EVENTS", subjects: ["cistern.>", "bare"] });
    return { settings: { servers: `127.0.0.1:${server.port}`, tls: false, ...LOOPBACK }, close: server.close };
  },
  async client(facts) {
    const connection = await connectNats({ servers: textIn(facts, "servers") });
    const stream = jetstream(connection);
    return {
      send: (lines) =>
        Promise.all(lines.map(({ key, body }) => stream.publish("bare", body, { msgID: `bare ${key}` }))),
      close: () => connection.close(),
    };
  },
};

const rabbitmq: Target = {
  kind: "rabbitmq",
  server: "the RabbitMQ node of this machine, a durable queue",
  missing: withoutRabbitmq,
  async serve() {
    const queue = await testQueue("bound");
    const hosts = `${rabbitmqAddress.host}:${rabbitmqAddress.port}`;
    return {
      settings: { hosts, exchange: queue.exchange, tls: false, ...rabbitmqUser, ...LOOPBACK },
      close: queue.close,
    };
  },
  async client(facts) {
    const [username, password] = [textIn(facts, "username"), textIn(facts, "password")];
    const connection = new Connection(`amqp://${username}:${password}@${textIn(facts, "hosts")}`);
    const exchange = textIn(facts, "exchange");
    const publisher = connection.createPublisher({ confirm: true });
    const envelope = { exchange, routingKey: "bare", durable: true };
    return {
      send: (lines) => Promise.all(lines.map(({ body }) => publisher.send(envelope, Buffer.from(body)))),
      async close() {
        await publisher.close();
        await connection.close();
      },
    };
  },
};

const syslog: Target = {
  kind: "syslog",
  server: "rsyslog over TLS, writing to a file",
  missing: async () => provisionRsyslog(process.env).reason,
  async serve() {
    const authority = await testAuthority();
    const { path } = provisionRsyslog(process.env);
    const server = await rsyslogServer(path!, { tls: await authority.server(), ca: authority.cert });
    return { settings: { host: "localhost", port: server.port, ca: authority.cert, ...LOOPBACK }, close: server.close };
  },
  async client(facts) {
    const socket = connect({ host: "localhost", port: Number(facts.settings.port), ca: textIn(facts, "ca") });
    await once(socket, "secureConnect");
    return {
      send: (lines) => {
        const frames = lines.map(({ body }) => {
          const message = `<134>1 - - cistern - - - ${body}`;
          return `${Buffer.byteLength(message)} ${message}`;
        });
        return new Promise<void>((resolve, reject) => {
          socket.write(frames.join(""), (error) => (error ? reject(error) : resolve()));
        });
      },
      async close() {
        socket.end();
        await once(socket.resume(), "close");
      },
    };
  },
};

export const queueTargets: readonly Target[] = [syslog, kafka, nats, rabbitmq];
