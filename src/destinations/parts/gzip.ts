import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

/** In a thread of its own; the same text always gives the same bytes. */
export const gzipped = (text: string): Promise<Uint8Array> => compress(text);
