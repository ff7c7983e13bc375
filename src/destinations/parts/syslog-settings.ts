import { isIP } from "node:net";
import { z } from "zod";
import { networkShape } from "../../http/network-fields.ts";

const A_HOST = "expected a host name or an address, without a port";
const A_NUMBER = (least: number, most: number) => `expected a whole number, ${least} to ${most}`;
const A_WORD = (most: number) => `expected 1 to ${most} printable ASCII characters without spaces`;
const AN_ID =
  'expected a name, @ and an enterprise number, such as cistern@32473, at most 32 characters without =, ] and "';
const YES_OR_NO = "expected true or false";
const oneOf = (first: string, second: string) => `expected ${first} or ${second}`;

/** Below 2,048 bytes the longest header would leave no room for the event; every receiver takes as much. */
const SMALLEST_MESSAGE = 2_048;
const LARGEST_MESSAGE = 1_048_576;
/** rsyslog takes 8,096 bytes unless told otherwise, and tears what is longer. */
const USUAL_MESSAGE = 8_000;

const isHost = (text: string) =>
  isIP(text) !== 0 || /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?$/.test(text);

const wholeNumber = (least: number, most: number) => {
  const error = A_NUMBER(least, most);
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const word = (most: number) =>
  z.string({ error: A_WORD(most) }).regex(new RegExp(`^[!-~]{1,${most}}$`), { error: A_WORD(most) });

export const SyslogSettings = z.strictObject({
  host: z.string({ error: A_HOST }).refine(isHost, { error: A_HOST }).meta({
    title: "Host",
    description: "Where the syslog server is.",
    placeholder: "syslog.example.com",
  }),
  port: wholeNumber(1, 65_535)
    .default(6514)
    .meta({ title: "Port", description: "6514 is usual for TLS, 601 or 514 for TCP in the clear." }),
  transport: z
    .enum(["tls", "tcp"], { error: oneOf("tls", "tcp") })
    .default("tls")
    .meta({
      title: "Transport",
      description: "TCP in the clear is possible only within private networks that are named below.",
    }),
  framing: z
    .enum(["octet_counting", "newline"], { error: oneOf("octet_counting", "newline") })
    .default("octet_counting")
    .meta({
      title: "Framing",
      description:
        "How messages are told apart: by a length in front, as the standard for TLS has it, or by a line feed behind, for receivers that know no other.",
      advanced: true,
    }),
  facility: wholeNumber(0, 23).default(13).meta({
    title: "Facility",
    description: "A number of RFC 5424: 13 is the audit log, 16 to 23 are local0 to local7.",
    advanced: true,
  }),
  severity: wholeNumber(0, 7).default(6).meta({
    title: "Severity",
    description: "A number of RFC 5424: 6 is informational, 5 notice.",
    advanced: true,
  }),
  hostname: word(255).default("cistern").meta({
    title: "Host name in the message",
    description: "What receivers tell senders apart by.",
  }),
  app_name: word(48).default("cistern").meta({
    title: "Application name",
    description: "The application in the header of the message.",
    advanced: true,
  }),
  structured_data: z.boolean({ error: YES_OR_NO }).default(true).meta({
    title: "Structured data",
    description: "Puts the event's key, collector, data source and site in front of the message.",
  }),
  structured_data_id: z
    .string({ error: AN_ID })
    .max(32, { error: AN_ID })
    .regex(/^[!#-<>-?A-\\^-~]+@\d[\d.]*$/, { error: AN_ID })
    .default("cistern@32473")
    .meta({
      title: "Structured data ID",
      description: "The name of that element, with an enterprise number; 32473 is the one for examples.",
      advanced: true,
    }),
  byte_order_mark: z.boolean({ error: YES_OR_NO }).default(false).meta({
    title: "Byte order mark",
    description:
      "Put in front of the text, as RFC 5424 wants it before UTF-8; parsers of JSON and CEF behind rsyslog stumble over it.",
    advanced: true,
  }),
  max_message_bytes: wholeNumber(SMALLEST_MESSAGE, LARGEST_MESSAGE).default(USUAL_MESSAGE).meta({
    title: "Longest message",
    description:
      'In bytes, header included. Never above the receiver\'s own limit: for rsyslog raise global(maxMessageSize="...") first.',
  }),
  long_messages: z
    .enum(["split", "cut"], { error: oneOf("split", "cut") })
    .default("split")
    .meta({
      title: "Longer messages",
      description: "Sent in parts, each with part=n/m in its structured data, or cut with a mark at the end.",
    }),
  resend_events: wholeNumber(0, 10_000).default(200).meta({
    title: "Sent again after a break",
    description:
      "How many of the last events are sent a second time on a new connection, because nobody says what became of them.",
    advanced: true,
  }),
  write_timeout_seconds: wholeNumber(1, 600).default(30).meta({
    title: "Timeout",
    description: "How long the receiver may take nothing before the connection is given up, in seconds.",
    advanced: true,
  }),
  ...networkShape,
});

export type SyslogSettings = z.infer<typeof SyslogSettings>;
