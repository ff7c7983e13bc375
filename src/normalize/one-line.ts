// Text of strangers inside one line of a line format.

// C0 but for tab, LF and CR, DEL and C1, the line ends of Unicode, what turns the direction of writing, and the byte order mark.
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * At most `longest` UTF-16 units of a text, `…` standing for the rest, with spaces for tabs and nothing unseen in it but LF and CR:
 * other controls are written out as `\u202E`, and halves of surrogate pairs are U+FFFD. Spaces at both ends are gone.
 */
export function shown(text: string, longest: number): string {
  const kept = text.length > longest ? `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return kept.toWellFormed().replaceAll("\t", " ").replace(UNSEEN, writtenOut).trim();
}

const writtenOut = (character: string) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
