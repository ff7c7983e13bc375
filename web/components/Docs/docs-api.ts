// The part of the HTTP API that the docs page reads.
import { request } from "../../api.ts";

export interface DocRow {
  /** Without an ending: `errors`, `connectors/chatgpt-enterprise`. */
  readonly path: string;
  readonly title: string;
}

export interface DocPage {
  readonly title: string;
  readonly markdown: string;
}

const get = async <T>(path: string, signal: AbortSignal): Promise<T> =>
  (await (await request("GET", path, undefined, signal)).json()) as T;

/** The documents that came with this version of the server. */
export const docsApi = {
  list: (signal: AbortSignal) => get<readonly DocRow[]>("/docs", signal),
  page: (path: string, signal: AbortSignal) => get<DocPage>(`/docs/${encodeURIComponent(path)}`, signal),
};
