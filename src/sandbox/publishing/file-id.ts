import { randomOf } from "../random.ts";

/** What an id of a log file stands for. */
export interface FilePosition {
  readonly stream: number;
  readonly endUs: number;
  readonly part: number;
}

const PATTERN = /^eclf_[0-9a-f]{28}$/;

/** The id of a file. It carries its position, veiled, so that it is found again without any memory of it. */
export function fileIdOf(seed: number, position: FilePosition): string {
  const plain =
    position.stream.toString(16).padStart(2, "0") +
    position.endUs.toString(16).padStart(14, "0") +
    position.part.toString(16).padStart(4, "0");
  const check = randomOf(seed, "file id", plain).hex(8);
  return `eclf_${check}${veil(seed, check, plain)}`;
}

/** Whether a text has the form of a file id; another form is refused with 400. */
export function looksLikeFileId(text: string): boolean {
  return PATTERN.test(text);
}

/** The position that an id stands for; undefined when this sandbox never made it. */
export function positionOf(seed: number, id: string): FilePosition | undefined {
  if (!looksLikeFileId(id)) return undefined;
  const check = id.slice(5, 13);
  const plain = veil(seed, check, id.slice(13));
  if (randomOf(seed, "file id", plain).hex(8) !== check) return undefined;
  const number = (from: number, to: number) => Number.parseInt(plain.slice(from, to), 16);
  return { stream: number(0, 2), endUs: number(2, 16), part: number(16, 20) };
}

function veil(seed: number, check: string, digits: string): string {
  const mask = randomOf(seed, "file id veil", check).hex(digits.length);
  return Array.from(digits, (digit, i) =>
    (Number.parseInt(digit, 16) ^ Number.parseInt(mask[i] ?? "0", 16)).toString(16),
  ).join("");
}
