import type { Destination } from "../model/destination.ts";
import { clickhouse } from "./clickhouse.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { exabeam } from "./exabeam.ts";
import { files } from "./files.ts";
import { googleSecops } from "./google-secops.ts";
import { kafka } from "./kafka.ts";
import { nats } from "./nats.ts";
import { otlp } from "./otlp.ts";
import { postgresql } from "./postgresql.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { s3 } from "./s3.ts";
import { sentinel } from "./sentinel.ts";
import { splunkHec } from "./splunk-hec.ts";
import { syslog } from "./syslog.ts";
import { webhook } from "./webhook.ts";

/** Every destination there is, in the order in which they are offered. Adding one is a file, a line here, and a page in docs/. */
export const destinations: readonly Destination[] = [
  splunkHec,
  elasticsearch,
  exabeam,
  sentinel,
  googleSecops,
  syslog,
  s3,
  files,
  kafka,
  nats,
  rabbitmq,
  otlp,
  webhook,
  postgresql,
  clickhouse,
];
