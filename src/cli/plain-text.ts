/**
 * Text from elsewhere, fit for one line of a terminal: control characters, which could move the cursor or colour what follows,
 * stand there as `\u001b`.
 */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === "\n" || character === "\t" ? " " : `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}
