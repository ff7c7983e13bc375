// The sockets of the Kafka client. It connects to whatever brokers the cluster names, so every address is checked here, and what comes
// in is looked at before the client sees it.
import type { Socket } from "node:net";
import type { ISocketFactory } from "kafkajs";
import type { Sockets } from "../../model/destination.ts";
import { dial } from "./dial.ts";

const KEEP_ALIVE_MS = 60_000;
/** No answer to what we ask comes near. */
const LONGEST_ANSWER = 20_000_000;

export interface KafkaSockets {
  readonly factory: ISocketFactory;
  /** What last kept a socket from working. The client itself keeps only its sentence. */
  readonly failure: unknown;
  forgetFailure(): void;
  /** Ends every socket; the client, which goes on trying for a moment, gets no more of them. */
  end(): void;
}

export function kafkaSockets(sockets: Sockets, encrypted: boolean): KafkaSockets {
  const open = new Set<Socket>();
  let ended = false;
  let failure: unknown;
  const note = (error: unknown) => {
    failure = error;
  };
  const connect: ISocketFactory = ({ host, port, onConnect }) => {
    if (ended) throw new Error("the destination has been closed");
    const socket = dial(sockets, { name: host, port }, encrypted ? "at_once" : "none", onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
    open.add(socket);
    socket.on("error", note).on("close", () => open.delete(socket));
    return guarded(socket);
  };
  return {
    factory(wanted) {
      try {
        return connect(wanted);
      } catch (error) {
        note(error);
        throw error;
      }
    },
    get failure() {
      return failure;
    },
    forgetFailure: () => note(undefined),
    end() {
      ended = true;
      // The client listens for errors only.
      for (const socket of open) socket.destroy(new Error("closed"));
    },
  };
}

/** What is no Kafka answers with lengths that the client would wait for without end, or throw at where nobody can catch it. */
function guarded(socket: Socket): Socket {
  const isAnswer = lengthsWithin(LONGEST_ANSWER);
  const on = socket.on.bind(socket) as (event: string, listener: (...values: never[]) => void) => Socket;
  const onData = (listener: (piece: Buffer) => void) => (piece: Buffer) => {
    try {
      if (isAnswer(piece)) return listener(piece);
    } catch {
      // Said below.
    }
    socket.destroy(Object.assign(new Error("what answers does not speak Kafka's protocol"), { code: "NOT_KAFKA" }));
  };
  socket.on = ((event: string, listener: never) =>
    on(event, event === "data" ? onData(listener) : listener)) as Socket["on"];
  return socket;
}

/** Follows the lengths that stand before each answer, over all pieces; false at the first that cannot be. */
export function lengthsWithin(most: number): (piece: Buffer) => boolean {
  let head = Buffer.alloc(0);
  let left = 0;
  return (piece) => {
    let rest = piece;
    while (rest.length > 0) {
      const skipped = Math.min(left, rest.length);
      left -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) break;
      const wanted = 4 - head.length;
      head = Buffer.concat([head, rest.subarray(0, wanted)]);
      rest = rest.subarray(wanted);
      if (head.length < 4) break;
      left = head.readInt32BE();
      head = Buffer.alloc(0);
      if (left < 0 || left > most) return false;
    }
    return true;
  };
}
