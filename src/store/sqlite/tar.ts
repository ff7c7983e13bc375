// The archive of a backup is a plain tar file (ustar), which any tar can read.
import type { FileHandle } from "node:fs/promises";
import { CollectorError } from "../../model/errors.ts";

const BLOCK = 512;
const CHUNK = 1024 * 1024;
/** Above this a size does not fit into the header's eleven octal digits, and is written as a binary number as GNU tar does. */
const OCTAL_LIMIT = 8 ** 11;

/** A file within an archive; `at` is where its bytes begin. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  readonly at: number;
}

/** Header of a plain file readable by its owner only. Names of up to 100 ASCII characters. */
export function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, "latin1");
  header.write("0000600\0", 100, "latin1");
  header.write("0000000\0", 108, "latin1");
  header.write("0000000\0", 116, "latin1");
  writeSize(header, size);
  header.write("00000000000\0", 136, "latin1");
  header.write("        ", 148, "latin1");
  header.write("0", 156, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  header.write(`${checksum(header).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

function writeSize(header: Buffer, size: number): void {
  if (size < OCTAL_LIMIT) {
    header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    return;
  }
  header.writeUInt8(0x80, 124);
  header.writeBigUInt64BE(BigInt(size), 128);
}

const readSize = (header: Buffer): number =>
  header.readUInt8(124) === 0x80
    ? Number(header.readBigUInt64BE(128))
    : Number.parseInt(header.toString("latin1", 124, 135), 8);

/** Sum of all bytes, the checksum's own place counted as blanks. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

/** Zero bytes that fill up the last block of a file. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

/** What stands at the end of an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * BLOCK);

/** The files of an archive in their order. Throws `config_invalid` where it is not one, or was cut off. */
export async function readTar(archive: FileHandle): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  for (let at = 0; ; ) {
    const header = Buffer.alloc(BLOCK);
    const { bytesRead } = await archive.read(header, 0, BLOCK, at);
    // What does not even begin as one is another file, whatever its length.
    if (at === 0 && !isHeader(header)) throw noBackup();
    if (bytesRead < BLOCK) throw damaged("ends in the middle");
    if (header.every((byte) => byte === 0)) return entries;
    if (!isHeader(header)) throw damaged("is damaged in the middle");
    const name = header.toString("latin1", 0, 100).replace(/\0.*$/, "");
    const size = readSize(header);
    entries.push({ name, size, at: at + BLOCK });
    at += BLOCK + size + tarPadding(size).length;
  }
}

const isHeader = (header: Buffer) => checksum(header) === Number.parseInt(header.toString("latin1", 148, 154), 8);

/** A file's bytes, chunk by chunk. */
export async function* tarContent(archive: FileHandle, { size, at }: TarEntry): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < size; ) {
    const chunk = Buffer.alloc(Math.min(CHUNK, size - done));
    const { bytesRead } = await archive.read(chunk, 0, chunk.length, at + done);
    if (bytesRead === 0) throw damaged("ends in the middle");
    done += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

const noBackup = () =>
  new CollectorError("config_invalid", "The file is no backup of Cistern", {
    reason: "backup_damaged",
    action: "Name a file that cistern backup has written",
  });

const damaged = (how: string) =>
  new CollectorError("config_invalid", `The backup ${how}`, {
    reason: "backup_damaged",
    action: "Take another backup file, or copy this one again",
  });
