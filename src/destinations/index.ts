import type { Destination } from "../model/destination.ts";
import { files } from "./files.ts";
import { googleSecops } from "./google-secops.ts";
import { sentinel } from "./sentinel.ts";
import { splunkHec } from "./splunk-hec.ts";
import { syslog } from "./syslog.ts";
import { webhook } from "./webhook.ts";

/** Every destination there is, in the order in which they are offered. Adding one is a file, a line here, and a page in docs/. */
export const destinations: readonly Destination[] = [splunkHec, sentinel, googleSecops, syslog, webhook, files];
