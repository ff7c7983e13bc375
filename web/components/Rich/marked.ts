interface Part {
  /** Where the part begins in the text; its identity. */
  readonly at: number;
  readonly text: string;
  readonly bold: boolean;
}

/** Splits a text at `**bold**`; a mark without its pair is text. */
export function marked(text: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const [index, piece] of text.split(/\*\*(.+?)\*\*/).entries()) {
    if (piece !== "") parts.push({ at, text: piece, bold: index % 2 === 1 });
    at += piece.length + 2;
  }
  return parts;
}
