import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and text, as they came over the wire. */
  readonly source: string;
  /** User name and password as they were given; undefined without sign-in. */
  readonly login: string | undefined;
}

/** A small mail server on loopback that speaks SMTP as far as one mail needs it, and keeps what it is given. Close it after the test. */
export async function mailServer() {
  const mails: ReceivedMail[] = [];
  const state = { refuse: undefined as string | undefined };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    talk(socket, mails, state);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    /** The answer to the next mails instead of taking them, such as `451 later`. */
    state,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function talk(socket: Socket, mails: ReceivedMail[], state: { readonly refuse: string | undefined }) {
  let mail = { from: "", to: [] as string[], source: "", login: undefined as string | undefined };
  let inData = false;
  let rest = "";
  const say = (line: string) => socket.write(`${line}\r\n`);
  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO") socket.write("250-receiver\r\n250 AUTH PLAIN\r\n");
    else if (verb === "AUTH") {
      mail.login = Buffer.from(line.split(" ").at(-1)!, "base64").toString("utf8").replaceAll("\0", " ").trim();
      say("235 welcome");
    } else if (verb === "MAIL") {
      mail.from = /<(.*?)>/.exec(line)?.[1] ?? "";
      say(state.refuse ?? "250 ok");
    } else if (verb === "RCPT") {
      mail.to.push(/<(.*?)>/.exec(line)?.[1] ?? "");
      say("250 ok");
    } else if (verb === "DATA") {
      inData = true;
      say("354 go on");
    } else if (verb === "QUIT") {
      say("221 bye");
      socket.end();
    } else say("250 ok");
  };
  say("220 receiver ESMTP");
  socket.setEncoding("utf8").on("data", (text: string) => {
    rest += text;
    for (let end = rest.indexOf("\r\n"); end !== -1; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (!inData) command(line);
      else if (line !== ".") mail.source += `${line.replace(/^\.\./, ".")}\n`;
      else {
        inData = false;
        mails.push(mail);
        mail = { from: "", to: [], source: "", login: undefined };
        say("250 taken");
      }
    }
  });
}
