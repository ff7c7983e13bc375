import type { LoopbackAnswer } from "./loopback-server.ts";

export interface Privileges {
  readonly cluster: readonly string[];
  readonly index: readonly string[];
}

export interface ItemFault {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

export interface ElasticsearchState {
  /** Answers every bulk request so, and takes nothing. */
  answer: LoopbackAnswer | undefined;
  /** What becomes of one document, beside what always becomes of it. */
  fault: (id: string, source: string) => ItemFault | undefined;
  /** Documents that do not fit go there, and are told as taken. */
  failureStore: boolean;
  /** Whether a stream comes into being with its first document. */
  autoCreate: boolean;
}

export const said = (body: object): LoopbackAnswer => ({ status: 200, body: JSON.stringify(body) });

export const failed = (status: number, type: string, reason: string): LoopbackAnswer => ({
  status,
  body: JSON.stringify({ error: { root_cause: [{ type, reason }], type, reason }, status }),
});
