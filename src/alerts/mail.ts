// One mail, over one connection to the server that a person has set up.
import { createTransport } from "nodemailer";
import { z } from "zod";
import type { Resolve } from "../http/address-guard.ts";
import { type Permitted, permittedAddresses } from "../http/permitted.ts";
import { CollectorError } from "../model/errors.ts";

const LIMIT_MS = 15_000;

const MailServer = z.object({
  host: z.string(),
  port: z.number(),
  security: z.enum(["tls", "starttls", "none"]),
  from: z.string(),
  to: z.array(z.string()),
  username: z.string().optional(),
});

export interface Mail {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends, or throws a CollectorError without any of the server's own text. No encryption at all is for named private ranges only. */
export async function sendMail(
  mail: Mail,
  server: { readonly settings: unknown; readonly password: string | undefined },
  { resolve, allowed }: { readonly resolve: Resolve; readonly allowed: Permitted },
): Promise<void> {
  const settings = MailServer.parse(server.settings);
  const { host, port, security, username } = settings;
  const [address] = await permittedAddresses(resolve, host, allowed);
  if (security === "none" && !allowed.isNamed(address!.address))
    throw new CollectorError("config_invalid", `Mail without encryption is refused for ${host}`, {
      reason: "address_forbidden",
      action: "Choose TLS or STARTTLS, or name the server's private range under allow_networks",
    });
  const transport = createTransport({
    // The very address that was checked; the certificate is still the name's.
    host: address!.address,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: { servername: host, rejectUnauthorized: true },
    ...(username !== undefined && { auth: { user: username, pass: server.password ?? "" } }),
    connectionTimeout: LIMIT_MS,
    greetingTimeout: LIMIT_MS,
    socketTimeout: LIMIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: settings.from,
      to: settings.to,
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.id}@cistern>`,
      headers: { "auto-submitted": "auto-generated", "x-cistern-message": mail.id },
    });
  } catch (error) {
    throw failureOf(error, host);
  } finally {
    transport.close();
  }
}

// The server's words may quote addresses: its code is told, not its text.
function failureOf(error: unknown, host: string): CollectorError {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number };
  const answer = responseCode === undefined ? "" : ` and answered ${responseCode}`;
  const lasting = code === "EAUTH" || code === "EENVELOPE" || code === "EMESSAGE";
  return new CollectorError(
    lasting ? "rejected" : "unavailable",
    `The mail server ${host} did not take the mail${answer}`,
    {
      reason: code === "EAUTH" ? "mail_sign_in_refused" : "mail_refused",
      action: "Check server, port, encryption, user name and password, then send a test",
      status: responseCode,
      cause: error,
    },
  );
}
